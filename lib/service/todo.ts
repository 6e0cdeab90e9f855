/**
 * The to-do service of the tutorials: one list for everybody.
 *
 * @module
 */

import { terminalJson, terminalText } from "../codec/terminal_text.ts";
import type { StateStore } from "../domain/state_store.ts";
import {
  FIRST_TASKS,
  formatTasks,
  MOST_CHARACTERS,
  parseTodoRequest,
  sizeOfTask,
} from "../domain/todo_list.ts";
import type { Service } from "../server/service.ts";
import type { Session } from "../server/session.ts";
import { answerEach } from "./answer.ts";

const IS_FULL = "! The list is full. Shorten the text of a task first.";

/** Answers from the list on disk. */
export class Todo implements Service {
  readonly name = "todo";
  readonly maxLineBytes = 4096;
  readonly #state: StateStore;
  /** Resolves once the list exists and its size is known; `undefined` until somebody asks. */
  #opening: Promise<void> | undefined;
  /** Characters in the list. */
  #size = 0;
  /** Counts the changes of the list. */
  #changes = 0;
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
    try {
      await (this.#opening ??= this.#open());
      if (request.kind === "all") return this.#sent ?? await this.#getAll();
      if (request.kind === "post") return await this.#post(request.task, request.value);
      return await this.#get(request.task);
    } catch (error) {
      this.#opening = undefined; // the size may be wrong now
      this.#change();
      throw error;
    }
  }

  async #open(): Promise<void> {
    let tasks = await this.#state.all("todo");
    if (tasks.size === 0) {
      // In one turn, so in one transaction: all or none.
      await Promise.all(Array.from(FIRST_TASKS, ([task, value]) => this.#begin(task, value)));
      tasks = await this.#state.all("todo");
    }
    this.#size = 0;
    for (const [task, value] of tasks) this.#size += sizeOfTask(task, value);
  }

  #begin(task: string, value: string): Promise<void> {
    return this.#state.update("todo", task, (old) => ({ value: old ?? value, result: undefined }));
  }

  #set(task: string, value: string): Promise<boolean> {
    return this.#state.update("todo", task, (old) => {
      const growth = sizeOfTask(task, value) - sizeOfTask(task, old);
      if (growth > 0 && this.#size + growth > MOST_CHARACTERS) return { result: false };
      this.#size += growth;
      this.#change();
      return { value, result: true };
    });
  }

  async #post(task: string, value: string): Promise<string> {
    return await this.#set(task, value) ? "submit success" : IS_FULL;
  }

  async #getAll(): Promise<string> {
    const changes = this.#changes;
    const text = terminalJson(formatTasks(await this.#state.all("todo")));
    if (changes === this.#changes) this.#sent = text;
    return text;
  }

  #change(): void {
    this.#changes++;
    this.#sent = undefined;
  }

  async #get(task: string): Promise<string> {
    const value = await this.#state.update("todo", task, (value) => ({ result: value }));
    return value === undefined ? "no key match" : harmless(value);
  }
}

/** Somebody else wrote it, so it must not control the terminal; but programs get their tabs. */
function harmless(value: string): string {
  return value.split("\t").map(terminalText).join("\t");
}
