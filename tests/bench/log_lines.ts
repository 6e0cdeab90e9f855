/**
 * Log lines like those of real services: times, levels, words that follow Zipf's law, and unique ids.
 * The same seed gives the same lines.
 *
 * @module
 */

import { SeededRandom } from "../support/random.ts";

const SYLLABLES = "con ti ra mel do ser ver que ry tab le fi ne po ol wor ker me out re ad te"
  .split(" ");
const WORD_COUNT = 20_000;
const LEVELS = ["INFO", "INFO", "INFO", "INFO", "DEBUG", "DEBUG", "WARN", "ERROR"];
const METHODS = ["GET", "GET", "GET", "POST", "PUT", "DELETE"];
const STATUSES = [200, 200, 200, 304, 404, 500];
const START = Date.UTC(2026, 10, 21, 6, 30);
const LINES_PER_MS = 250;

export class LogLines {
  readonly #random: SeededRandom;
  readonly #words: string[];
  /** Cumulative frequency of the words up to each index; Zipf's law. */
  readonly #shares: Float64Array;
  #number = 0;

  constructor(seed: number) {
    const random = this.#random = new SeededRandom(seed);
    this.#words = Array.from({ length: WORD_COUNT }, () => {
      return Array.from({ length: 2 + random.int(3) }, () => random.pick(SYLLABLES)).join("");
    });
    this.#shares = new Float64Array(WORD_COUNT);
    let sum = 0;
    for (let rank = 0; rank < WORD_COUNT; rank++) this.#shares[rank] = sum += 1 / (rank + 1);
    for (let rank = 0; rank < WORD_COUNT; rank++) this.#shares[rank] /= sum;
  }

  /** The next line, about 82 characters. */
  next(): string {
    const random = this.#random;
    const time = new Date(START + Math.floor(this.#number++ / LINES_PER_MS)).toISOString();
    const head = `${time} ${random.pick(LEVELS)}`;
    const word = () => this.#word();
    switch (random.int(4)) {
      case 0:
        return `${head} http[${100 + random.int(8)}]: ${random.pick(METHODS)} /api/${word()}/` +
          `${random.int(100_000)} ${random.pick(STATUSES)} ${random.int(2000)}ms`;
      case 1:
        return `${head} req=${random.int(2 ** 32).toString(16)} user=${word()} ${word()} ` +
          `${word()} ${word()}`;
      case 2:
        return `${head} ${word()} ${word()} ${word()} ${word()} from 10.0.${random.int(256)}.` +
          `${random.int(256)}:${random.int(65_536)}`;
      default:
        return `${head} [${word()}] ${word()} ${word()} ${word()} ${word()} ${word()} ${word()}`;
    }
  }

  #word(): string {
    const share = this.#random.next();
    let low = 0;
    let high = WORD_COUNT - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#shares[middle] < share) low = middle + 1;
      else high = middle;
    }
    return this.#words[low];
  }
}
