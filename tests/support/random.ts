/**
 * Seeded random numbers, so that a failure of a fuzz test can be reproduced.
 *
 * @module
 */

/** A pseudorandom generator: the same seed gives the same numbers. Not for secrets. */
export class SeededRandom {
  #state: number;

  /** @param seed An integer, of which the low 32 bits are used. */
  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A number in [0, 1). */
  next(): number {
    // Mulberry32 has 32 bits of state, so a seed is short enough for a test's message.
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer in [0, below). */
  int(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** Random bytes. */
  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.int(256));
  }

  /** A random item. */
  pick<T>(items: readonly T[]): T {
    return items[this.int(items.length)];
  }
}
