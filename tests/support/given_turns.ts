/** Turns of the main thread that are given one at a time, when a test says so. */

import type { Turns } from "../../lib/transport/turns.ts";
import { within } from "./patience.ts";

export class GivenTurns implements Turns {
  readonly #asked: (() => void)[] = [];
  #changed = Promise.withResolvers<void>();

  admit(): Promise<void> {
    return new Promise((resolve) => {
      this.#asked.push(resolve);
      this.#changed.resolve();
    });
  }

  /** Gives the turn that was asked for first, or is asked for next. */
  async give(): Promise<void> {
    while (this.#asked.length === 0) {
      this.#changed = Promise.withResolvers();
      await within("a question for a turn", this.#changed.promise);
    }
    this.#asked.shift()!();
  }
}
