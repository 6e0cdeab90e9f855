/**
 * Answers that are given whether or not the peer reads, and must all arrive: acknowledgements come
 * from the log, which waits for nobody. What the outbox has no room for is held here; it stays
 * little, because nothing more is read from the peer meanwhile.
 *
 * @module
 */

import type { Session } from "../../server/session.ts";

const encoder = new TextEncoder();

export class Replies {
  readonly #session: Session;
  #held = "";
  #sending: Promise<void> | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Sends lines, in order. */
  send(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const text = lines.join("\r\n") + "\r\n";
    if (this.#held === "" && this.#session.outbox.push(encoder.encode(text))) return;
    this.#held += text;
    this.#sending ??= this.#sendHeld().finally(() => this.#sending = undefined);
  }

  /** Something to await while answers are held; else `undefined`. */
  ready(): Promise<void> | undefined {
    return this.#sending;
  }

  async #sendHeld(): Promise<void> {
    const { outbox } = this.#session;
    while (this.#held !== "") {
      const isAlive = await outbox.drained();
      // An empty outbox has room for one piece of any size.
      if (isAlive) outbox.push(encoder.encode(this.#held));
      this.#held = "";
    }
  }
}
