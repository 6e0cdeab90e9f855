/**
 * Lines one at a time, from batches.
 *
 * @module
 */

import type { LineDamage } from "../codec/line_decoder.ts";
import type { Framer, LineBatch } from "./framer.ts";

const NO_LINES: LineBatch = { lines: [], damage: undefined };

export class LineCursor implements AsyncIterator<string> {
  /** What had to be changed in the line returned last; `undefined` for nothing. */
  damage: LineDamage | undefined;
  readonly #framer: Pick<Framer, "read">;
  #batch = NO_LINES;
  #next = 0;

  constructor(framer: Pick<Framer, "read">) {
    this.#framer = framer;
  }

  /** The next line, without its end. */
  next(): Promise<IteratorResult<string>> {
    return this.#next < this.#batch.lines.length ? Promise.resolve(this.#take()) : this.#read();
  }

  async #read(): Promise<IteratorResult<string>> {
    const batch = await this.#framer.read();
    if (!batch) return { value: undefined, done: true };
    this.#batch = batch;
    this.#next = 0;
    return this.#take();
  }

  #take(): IteratorResult<string> {
    const index = this.#next++;
    this.damage = this.#batch.damage?.get(index);
    return { value: this.#batch.lines[index], done: false };
  }
}
