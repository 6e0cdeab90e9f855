/**
 * Lines one at a time, from batches, no faster than flood control allows.
 *
 * @module
 */

import { type Clock, Pauses } from "../../clock.ts";
import type { LineDamage } from "../../codec/line_decoder.ts";
import type { WorkAccount } from "../fairness/work_account.ts";
import type { FloodGuard } from "../fairness/flood_guard.ts";
import type { Framer, LineBatch, LineTaker } from "./framer.ts";

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

export class LineCursor implements AsyncIterableIterator<string>, LineTaker {
  /** The damage to the line returned last; `undefined` for none. */
  damage: LineDamage | undefined;
  /** Set while lines are part of a block, which is paid for as a whole. */
  isInBlock = false;
  readonly #framer: LineSource;
  readonly #guard: FloodGuard | undefined;
  readonly #isUncounted: ((line: string) => boolean) | undefined;
  readonly #clock: Clock;
  /** Created with the first pause: most peers never have to wait. */
  #pauses: Pauses | undefined;
  readonly #work: WorkAccount;
  #batch = NO_LINES;
  /** The delay that the next line is subject to. */
  #turn: Promise<void> | undefined;
  #next = 0;
  /** Settle what {@linkcode LineCursor.next} returned last. */
  #resolve!: (result: IteratorResult<string>) => void;
  #reject!: (error: unknown) => void;
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
    this.#clock = clock;
    this.#work = work;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /**
   * The next line, if it has arrived and flood control does not delay it. Saves a promise for each
   * of the lines that arrived together.
   */
  nextNow(): string | undefined {
    if (!this.#hasLine || this.#isPacing || this.#turn) return undefined;
    this.#turn = this.#work.goOn();
    return this.#turn ? undefined : this.#take();
  }

  /** The next line, without its end. */
  next(): Promise<IteratorResult<string>> {
    if (!this.#isPacing) return this.#nextLine();
    // Not awaited: most connections are here most of the time, and a frame would take more memory.
    return this.#nextLine().then((result) => this.#pace(result, this.#guard!));
  }

  /**
   * Counts the lines of a block, which were not counted as they were read. Returns what to await
   * before anybody is shown it, if anything; the next line must not be asked for before that.
   */
  paceBlock(lines: number): Promise<void> | undefined {
    const waitMs = this.#guard?.admitBlock(lines) ?? 0;
    if (waitMs === 0) return undefined;
    if (!this.#isCut) return this.#pausing.take(waitMs);
    // The peer is gone: its last block is said without waiting for minutes, and nothing after it.
    this.#hasEnded = true;
    return undefined;
  }

  /** Ends the current pause; from now on lines are returned as fast as they are asked for. */
  stopPacing(): void {
    this.#pausing.end();
  }

  /** Ends the current pause; no more lines are returned. */
  end(): void {
    this.#hasEnded = true;
    this.#pausing.end();
  }

  /**
   * Ends as soon as a line would have to wait for flood control, or at once if one is waiting, or
   * once the lines have waited for a few turns of the main thread: the peer is gone, and serving its
   * lines must not take minutes.
   */
  cut(): void {
    this.#isCut = true;
    this.#pausing.end();
  }

  /** The lines that were read but never returned. Read this after the end. */
  get remaining(): readonly string[] {
    return this.#batch.lines.slice(this.#next);
  }

  get #isPacing(): boolean {
    return this.#guard !== undefined && !this.#guard.isOff;
  }

  get #pausing(): Pauses {
    return this.#pauses ??= new Pauses(this.#clock);
  }

  /** Returns a line once flood control allows it. */
  #pace(
    result: IteratorResult<string>,
    guard: FloodGuard,
  ): IteratorResult<string> | Promise<IteratorResult<string>> {
    const isFree = result.done || this.isInBlock || this.#isUncounted?.(result.value);
    const waitMs = isFree ? 0 : guard.admit();
    return waitMs > 0 ? this.#delay(result, waitMs) : this.#unlessEnded(result);
  }

  async #delay(result: IteratorResult<string>, waitMs: number): Promise<IteratorResult<string>> {
    if (!this.#isCut) await this.#pausing.take(waitMs);
    this.#hasEnded ||= this.#isCut;
    return this.#unlessEnded(result);
  }

  #unlessEnded(result: IteratorResult<string>): IteratorResult<string> {
    if (!this.#hasEnded || result.done) return result;
    this.#next--;
    return { value: undefined, done: true };
  }

  get #hasLine(): boolean {
    return this.#next < this.#batch.lines.length && !this.#hasEnded;
  }

  #nextLine(): Promise<IteratorResult<string>> {
    if (!this.#hasLine) return this.#read();
    const turn = this.#turn ?? this.#work.goOn();
    this.#turn = undefined;
    if (!turn) return Promise.resolve(this.#nextAdmitted());
    // The peer is gone: a few of its lines are still served, but they must not go on for seconds.
    if (this.#isCut && --this.#turnsLeft < 0) this.#hasEnded = true;
    return turn.then(() => this.#nextAdmitted());
  }

  #nextAdmitted(): IteratorResult<string> {
    return this.#hasEnded ? { value: undefined, done: true } : { value: this.#take(), done: false };
  }

  #read(): Promise<IteratorResult<string>> {
    // What has been served must not be kept until the next line comes.
    if (this.#next === this.#batch.lines.length) this.#begin(NO_LINES);
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      if (this.#framer.pull) this.#framer.pull(this);
      else this.#framer.read().then((batch) => this.takeLines(batch), reject);
    });
  }

  /** This and the next method are part of {@linkcode LineTaker}. */
  takeLines(batch: LineBatch | undefined): void {
    if (!batch) return this.#resolve({ value: undefined, done: true });
    this.#begin(batch);
    this.#resolve(this.#nextAdmitted());
  }

  fail(error: unknown): void {
    this.#reject(error);
  }

  #begin(batch: LineBatch): void {
    this.#batch = batch;
    this.#next = 0;
  }

  #take(): string {
    const index = this.#next++;
    this.damage = this.#batch.damage?.get(index);
    return this.#batch.lines[index];
  }
}
