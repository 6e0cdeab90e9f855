/**
 * The rejection of a sender that may not write. Its lines are counted for a moment before it is
 * disconnected, so that a gap can say how much was refused.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";

/** How long lines are counted, in milliseconds. */
const COUNT_MS = 1000;
const encoder = new TextEncoder();

export class Rejection {
  #lines = 0;
  #bytes = 0;
  readonly #cancel: () => void;

  /** @param disconnect Called once the lines have been counted for long enough. */
  constructor(clock: Clock, disconnect: () => void) {
    this.#cancel = clock.after(COUNT_MS, disconnect);
  }

  /** Counts lines, each with a newline. */
  add(lines: readonly string[]): void {
    this.#lines += lines.length;
    for (const line of lines) this.#bytes += encoder.encode(line).length + 1;
  }

  /** Counts no longer; returns what was refused, if anything. */
  end(): { readonly lines: number; readonly bytes: number } | undefined {
    this.#cancel();
    return this.#lines === 0 ? undefined : { lines: this.#lines, bytes: this.#bytes };
  }
}
