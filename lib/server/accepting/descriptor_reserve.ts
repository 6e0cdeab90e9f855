/**
 * A few file descriptors held back for when all others are in use, so that a connection can still
 * be accepted and told why it is refused, and the log can still open what it needs.
 *
 * @module
 */

/** Descriptors kept in reserve. */
const SPARE = 4;

/** Holds descriptors by keeping something open. */
export class DescriptorReserve {
  readonly #open: () => Disposable;
  #held: Disposable[] = [];

  /** @param open Opens anything that takes one descriptor. */
  constructor(open: () => Disposable) {
    this.#open = open;
    this.hold();
  }

  /** Whether there is a reserve. */
  get isHeld(): boolean {
    return this.#held.length > 0;
  }

  /** Takes the reserve, all of it or nothing; returns whether it is held. Safe to call again. */
  hold(): boolean {
    if (this.isHeld) return true;
    try {
      while (this.#held.length < SPARE) this.#held.push(this.#open());
    } catch {
      this.release();
    }
    return this.isHeld;
  }

  /** Frees the reserve. */
  release(): void {
    for (const held of this.#held.splice(0)) held[Symbol.dispose]();
  }
}

/**
 * How many descriptors are free, counted by taking them; `most` if there are that many or more.
 *
 * @param open Opens anything that takes one descriptor.
 */
export function countFreeDescriptors(open: () => Disposable, most: number): number {
  const held: Disposable[] = [];
  try {
    while (held.length < most) held.push(open());
  } catch {
    // That was the last one.
  }
  for (const one of held) one[Symbol.dispose]();
  return held.length;
}

/** Whether something failed only because there were no descriptors left, so that it may work later. */
export function lacksDescriptors(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return code === "EMFILE" || code === "ENFILE";
}
