/**
 * The to-do service of the tutorials: one list for everybody.
 *
 * @module
 */

import { terminalJson, terminalText } from "../codec/terminal_text.ts";
import { loadAndFollow, type StateStore } from "../domain/state_store.ts";
import {
  FIRST_TASKS,
  formatTasks,
  MOST_CHARACTERS,
  parseTodoRequest,
  sizeOfTask,
} from "../domain/tutorial/todo_list.ts";
import type { Service } from "../server/session/service.ts";
import type { Session } from "../server/session/session.ts";
import { answerEach } from "./answer.ts";

const IS_FULL = "! The list is full. Shorten the text of a task first.";

/** Answers from the list as it is on disk. */
export class Todo implements Service {
  readonly name = "todo";
  readonly maxLineBytes = 4096;
  readonly #state: StateStore;
  /** Resolves once the list exists and has been read; `undefined` until somebody asks. */
  #opening: Promise<void> | undefined;
  /** In the order in which they were first set. */
  readonly #tasks = new Map<string, string>();
  /** Characters in the list. */
  #size = 0;
  /** Characters that are being added. */
  #growth = 0;
  /** The list as it is sent, until it changes: making it takes milliseconds, and anyone may ask. */
  #sent: string | undefined;

  constructor(state: StateStore) {
    this.#state = state;
  }

  serve(session: Session): Promise<void> {
    return answerEach(session, (line) => this.#reply(line));
  }

  async #reply(line: string): Promise<string> {
    const request = parseTodoRequest(line);
    if (!request) return "data no found";
    await (this.#opening ??= this.#open());
    if (request.kind === "all") return this.#sent ??= terminalJson(formatTasks(this.#tasks));
    if (request.kind === "post") return await this.#post(request.task, request.value);
    const value = this.#tasks.get(request.task);
    return value === undefined ? "no key match" : harmless(value);
  }

  async #open(): Promise<void> {
    try {
      await loadAndFollow(this.#state, "todo", (task, value) => this.#take(task, value));
      if (this.#tasks.size > 0) return;
      // In one turn, so in one transaction: all or none.
      await Promise.all(Array.from(FIRST_TASKS, ([task, value]) => this.#begin(task, value)));
    } catch (error) {
      this.#opening = undefined; // the next to ask tries again
      throw error;
    }
  }

  async #begin(task: string, value: string): Promise<void> {
    const first = await this.#state.update("todo", task, (old = value) => {
      return { value: old, result: old };
    });
    this.#take(task, first);
  }

  async #post(task: string, value: string): Promise<string> {
    let growth = 0;
    const reserve = (more: number) => {
      this.#growth += more - growth;
      growth = more;
    };
    try {
      const isSet = await this.#state.update("todo", task, (old) => {
        reserve(0);
        const more = sizeOfTask(task, value) - sizeOfTask(task, old);
        if (more > 0 && this.#size + this.#growth + more > MOST_CHARACTERS) {
          return { result: false };
        }
        reserve(more);
        return { value, result: true };
      });
      if (!isSet) return IS_FULL;
      this.#take(task, value);
      return "submit success";
    } finally {
      reserve(0);
    }
  }

  /** Takes over a task as it is on disk. */
  #take(task: string, value: string | null): void {
    this.#size += sizeOfTask(task, value ?? undefined) - sizeOfTask(task, this.#tasks.get(task));
    if (value === null) this.#tasks.delete(task);
    else this.#tasks.set(task, value);
    this.#sent = undefined;
  }
}

/** Somebody else wrote it, so it must not control the terminal; but programs get their tabs. */
function harmless(value: string): string {
  return value.split("\t").map(terminalText).join("\t");
}
