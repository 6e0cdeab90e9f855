/**
 * The server's end of a thread that works on the files of the store for as long as they are open. Its
 * first answer says that it has opened them, and its last one that it has closed them.
 *
 * @module
 */

import type { ThreadEnd } from "./thread_ends.ts";

/** What every such thread answers, besides answers of its own. */
type CommonAnswer = "ready" | "closed";

export interface StoreThreadOptions<Request, Answer> {
  readonly thread: ThreadEnd<Request | "close", Answer | CommonAnswer>;
  /** What it does, for the report that it has ended by itself: `indexes the log`. */
  readonly duty: string;
  /** Takes its own answers. */
  readonly onAnswer: (answer: Answer) => void;
  /** Called once nothing more comes. */
  readonly onEnd: () => void;
}

export class StoreThread<Request, Answer> {
  readonly #options: StoreThreadOptions<Request, Answer>;
  readonly #ready = Promise.withResolvers<void>();
  #onClosed: (() => void) | undefined;
  /** Whether the thread has ended by itself. */
  #isOver = false;

  constructor(options: StoreThreadOptions<Request, Answer>) {
    const { thread, duty } = this.#options = options;
    thread.onmessage = ({ data }) => this.#hear(data);
    thread.onerror = (event) => {
      event.preventDefault();
      this.#isOver = true;
      this.#hear("closed");
      reportError(new Error(`The thread that ${duty} has ended: ${event.message}`));
    };
  }

  /** Resolves once the thread has opened its files. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Whether it is being closed, or has ended. */
  get isClosing(): boolean {
    return this.#isOver || this.#onClosed !== undefined;
  }

  send(request: Request): void {
    this.#options.thread.postMessage(request);
  }

  /** Has it close its files, and ends it. */
  async close(): Promise<void> {
    if (this.#isOver) return;
    const { thread } = this.#options;
    const closed = new Promise<void>((resolve) => this.#onClosed = resolve);
    thread.postMessage("close");
    await closed;
    thread.terminate();
  }

  #hear(answer: Answer | CommonAnswer): void {
    this.#ready.resolve();
    if (answer === "ready") return;
    if (answer !== "closed") return this.#options.onAnswer(answer as Answer);
    this.#onClosed?.();
    this.#options.onEnd();
  }
}
