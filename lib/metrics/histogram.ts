/**
 * How often something took how long, as plain numbers: cheap enough to be noted for every batch, and
 * turned into a metric only when somebody asks.
 *
 * @module
 */

/** Upper bounds in seconds, from a lone message to a disk that hangs. */
const BOUNDS = [
  0.0001,
  0.00025,
  0.0005,
  0.001,
  0.0025,
  0.005,
  0.01,
  0.025,
  0.05,
  0.1,
  0.25,
  0.5,
  1,
  2.5,
  5,
  10,
];

/** A histogram of durations. */
export class Histogram {
  /** Upper bounds of the buckets in seconds, ascending; the last bucket has none. */
  readonly bounds: readonly number[];
  /** How many fell into each bucket, and into none of those before it. */
  readonly counts: number[];
  /** Seconds in all. */
  sum = 0;

  constructor(bounds: readonly number[] = BOUNDS) {
    this.bounds = bounds;
    this.counts = Array(bounds.length + 1).fill(0);
  }

  /** Notes a duration in milliseconds. */
  observeMs(ms: number): void {
    const seconds = ms / 1000;
    this.sum += seconds;
    let bucket = 0;
    while (bucket < this.bounds.length && seconds > this.bounds[bucket]) bucket++;
    this.counts[bucket]++;
  }

  /** How many were noted. */
  get count(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }
}
