/**
 * How many lines a second have come lately.
 *
 * @module
 */

/** The time over which lines are counted. */
const WINDOW_MS = 5000;

export class RateMeter {
  /** Numbers of lines, and when they came, in milliseconds. */
  #counts: { readonly at: number; readonly lines: number }[] = [];

  add(lines: number, now: number): void {
    this.#counts.push({ at: now, lines });
    this.#forget(now);
  }

  /** Lines a second, on average. */
  perSecond(now: number): number {
    this.#forget(now);
    return this.#counts.reduce((sum, { lines }) => sum + lines, 0) / (WINDOW_MS / 1000);
  }

  #forget(now: number): void {
    const start = this.#counts.findIndex(({ at }) => at > now - WINDOW_MS);
    this.#counts = start === -1 ? [] : this.#counts.slice(start);
  }
}
