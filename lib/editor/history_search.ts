/**
 * Ctrl-R: looking for a line of earlier while typing a part of it.
 *
 * @module
 */

import { graphemeBoundary } from "../codec/grapheme.ts";
import type { History } from "./history.ts";

export class HistorySearch {
  readonly #history: History;
  #part = "";
  #line: string | undefined;
  #number: number;

  constructor(history: History) {
    this.#history = history;
    this.#number = history.length;
  }

  /** The line found; `undefined` where there is none yet. */
  get line(): string | undefined {
    return this.#line;
  }

  /** What stands before the line found. */
  get prompt(): string {
    const isMissing = this.#part !== "" && this.#line === undefined;
    return `${isMissing ? "nothing with" : "search"} "${this.#part}":`;
  }

  /** Where in the line the part is that was looked for. */
  get cursor(): number {
    const line = this.#line ?? "";
    const at = line.toLowerCase().lastIndexOf(this.#part.toLowerCase());
    return graphemeBoundary(line, Math.max(0, Math.min(at, line.length)));
  }

  /** Takes more of the part; returns whether there is such a line. */
  type(text: string): boolean {
    return this.#look(this.#part + text, this.#number + 1);
  }

  /** Takes the last character of the part back, and begins anew. */
  takeBack(): void {
    this.#look([...this.#part].slice(0, -1).join(""), this.#history.length);
  }

  /** Goes on to an older line. */
  next(): boolean {
    const { line, number } = { line: this.#line, number: this.#number };
    if (this.#look(this.#part, number)) return true;
    this.#line = line;
    this.#number = number;
    return false;
  }

  #look(part: string, before: number): boolean {
    this.#part = part;
    const found = part === "" ? undefined : this.#history.find(part, before);
    this.#line = found?.line;
    if (found) this.#number = found.number;
    if (part === "") this.#number = this.#history.length;
    return found !== undefined;
  }
}
