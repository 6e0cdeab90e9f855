/**
 * Lines one at a time, from batches, no faster than flood control allows.
 *
 * @module
 */

import { type Clock, Pauses } from "../clock.ts";
import type { LineDamage } from "../codec/line_decoder.ts";
import type { WorkAccount } from "./work_account.ts";
import type { FloodGuard } from "./flood_guard.ts";
import type { Framer, LineBatch } from "./framer.ts";

export interface LineCursorOptions {
  readonly clock: Clock;
  /** Delays lines that come too fast. @default {none are delayed} */
  readonly guard?: FloodGuard;
  /** Whether a line does not count for that. @default {every line counts} */
  readonly isUncounted?: (line: string) => boolean;
  /** Charged for what a line causes: one chunk may hold thousands of lines. */
  readonly work: WorkAccount;
}

/** The part of a framer that a cursor needs. */
type LineSource = Pick<Framer, "read" | "pull">;

/** A script that says a few lines and closes at once is heard even on a busy machine. */
const TURNS_AFTER_CUT = 20;

const NO_LINES: LineBatch = { lines: [], damage: undefined };

export class LineCursor implements AsyncIterableIterator<string> {
  /** The damage to the line returned last; `undefined` for none. */
  damage: LineDamage | undefined;
  /** Set while lines are part of a block, which is paid for as a whole. */
  isInBlock = false;
  readonly #framer: LineSource;
  readonly #guard: FloodGuard | undefined;
  readonly #isUncounted: ((line: string) => boolean) | undefined;
  readonly #pauses: Pauses;
  readonly #work: WorkAccount;
  #batch = NO_LINES;
  #next = 0;
  /** Settles what {@linkcode LineCursor.next} returned last. */
  #resolve!: (result: IteratorResult<string>) => void;
  #hasEnded = false;
  /** Whether the next line that has to wait is the end. */
  #isCut = false;
  /** Turns of the main thread that lines may still wait for then. */
  #turnsLeft = TURNS_AFTER_CUT;

  constructor(framer: LineSource, options: LineCursorOptions) {
    const { clock, guard, isUncounted, work } = options;
    this.#framer = framer;
    this.#isUncounted = isUncounted;
    this.#guard = guard;
    this.#pauses = new Pauses(clock);
    this.#work = work;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next line, without its end. */
  next(): Promise<IteratorResult<string>> {
    return this.#guard?.isOff === false ? this.#nextPaced(this.#guard) : this.#nextLine();
  }

  /**
   * Counts the lines of a block, which were not counted as they were read. Returns what to await
   * before anybody is shown it, if anything; the next line must not be asked for before that.
   */
  paceBlock(lines: number): Promise<void> | undefined {
    const waitMs = this.#guard?.admitBlock(lines) ?? 0;
    // The peer is gone, and its block must not wait for minutes.
    return waitMs === 0 || this.#isCut ? undefined : this.#pauses.take(waitMs);
  }

  /** Ends the current pause; from now on lines are returned as fast as they are asked for. */
  stopPacing(): void {
    this.#pauses.end();
  }

  /** Ends the current pause; no more lines are returned. */
  end(): void {
    this.#hasEnded = true;
    this.#pauses.end();
  }

  /**
   * Ends as soon as a line would have to wait for flood control, or at once if one is waiting, or
   * once the lines have waited for a few turns of the main thread: the peer is gone, and serving its
   * lines must not take minutes.
   */
  cut(): void {
    this.#isCut = true;
    this.#pauses.end();
  }

  /** The lines that were read but never returned. Read this after the end. */
  get remaining(): readonly string[] {
    return this.#batch.lines.slice(this.#next);
  }

  async #nextPaced(guard: FloodGuard): Promise<IteratorResult<string>> {
    const result = await this.#nextLine();
    const isFree = result.done || this.isInBlock || this.#isUncounted?.(result.value);
    const waitMs = isFree ? 0 : guard.admit();
    if (waitMs > 0) {
      if (!this.#isCut) await this.#pauses.take(waitMs);
      this.#hasEnded ||= this.#isCut;
    }
    if (!this.#hasEnded || result.done) return result;
    this.#next--;
    return { value: undefined, done: true };
  }

  #nextLine(): Promise<IteratorResult<string>> {
    const hasLine = this.#next < this.#batch.lines.length && !this.#hasEnded;
    if (!hasLine) return this.#read();
    const turn = this.#work.goOn();
    if (!turn) return Promise.resolve(this.#take());
    // The peer is gone: a few of its lines are still served, but they must not go on for seconds.
    if (this.#isCut && --this.#turnsLeft < 0) this.#hasEnded = true;
    return turn.then(() => this.#nextAdmitted());
  }

  #nextAdmitted(): IteratorResult<string> {
    return this.#hasEnded ? { value: undefined, done: true } : this.#take();
  }

  #read(): Promise<IteratorResult<string>> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      if (this.#framer.pull) this.#framer.pull(this.#begin, reject);
      else this.#framer.read().then(this.#begin, reject);
    });
  }

  /** A property, because a closure for every batch would cost time. */
  readonly #begin = (batch: LineBatch | undefined): void => {
    if (!batch) return this.#resolve({ value: undefined, done: true });
    this.#batch = batch;
    this.#next = 0;
    this.#resolve(this.#nextAdmitted());
  };

  #take(): IteratorResult<string> {
    const index = this.#next++;
    this.damage = this.#batch.damage?.get(index);
    return { value: this.#batch.lines[index], done: false };
  }
}
