/**
 * The notes in a view of messages, which only this user sees.
 *
 * @module
 */

import type { Note } from "./row.ts";
import { countOf } from "./time_text.ts";

const MAX_NOTES = 50;

export interface NoteOptions {
  readonly isError?: boolean;
  /** Consecutive notes of the same group are joined. */
  readonly group?: unknown;
}

export class Notes {
  /** Ordered by {@linkcode Note.after}; replaced when they change. */
  all: readonly Note[] = [];
  #count = 0;
  #crowd: { readonly joined: number; readonly left: number; readonly note: Note } | undefined;

  /** @param after Number of the event that the note follows. */
  add(text: string, after: number, { isError = false, group }: NoteOptions = {}): void {
    const last = this.all.at(-1);
    const lines = text.split("\n");
    if (last && group !== undefined && last.group === group && last.isError === isError) {
      this.all = [...this.all.slice(0, -1), { ...last, lines: [...last.lines, ...lines] }];
      return;
    }
    const note = { id: ++this.#count, after, isError, lines, group };
    this.all = [...this.all, note].slice(-MAX_NOTES);
  }

  /** Notes how many people joined and left; adds to the last note if nothing happened since. */
  addCrowd(joined: number, left: number, after: number): void {
    const last = this.all.at(-1);
    const crowd = { joined, left };
    if (last && last === this.#crowd?.note && last.after === after) {
      crowd.joined += this.#crowd.joined;
      crowd.left += this.#crowd.left;
      this.all = this.all.slice(0, -1);
    }
    const parts = [
      crowd.joined > 0 ? `${countOf(crowd.joined, "person", "people")} joined` : "",
      crowd.left > 0 ? `${countOf(crowd.left, "person", "people")} left` : "",
    ];
    this.add(`${parts.filter((part) => part !== "").join(", ")}.`, after);
    this.#crowd = { ...crowd, note: this.all.at(-1)! };
  }

  dismiss(note: Note): void {
    this.all = this.all.filter((other) => other !== note);
  }
}
