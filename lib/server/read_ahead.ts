/**
 * Reads lines before they are asked for: the first ones, to detect a peer of another protocol, and
 * all of them in character mode, where keys are handled by reading and must be echoed however busy
 * the service is.
 *
 * @module
 */

import type { Framer, LineBatch, LineTaker } from "./framer.ts";

/** Characters held, including line ends, before reading pauses. */
const MAX_HELD_CHARACTERS = 16 * 1024;

const NO_LINES: LineBatch = { lines: [], damage: undefined };

/** Passes on batches as they are asked for, or, once started, reads them as they arrive. */
export class ReadAhead implements Framer, LineTaker {
  readonly #framer: Framer;
  /** The batches that {@linkcode ReadAhead.peek} reads, until they are asked for. */
  #peeked: Promise<LineBatch | undefined>[] | undefined;
  /** Whether a batch was asked for that has not come. */
  #isAsked = false;
  /** Takes that batch. */
  #taker!: LineTaker;
  /** Called when it has come. */
  #onAnswered: (() => void) | undefined;
  /** Set by {@linkcode ReadAhead.start}. */
  #reading: Promise<void> | undefined;
  /** Batches read since then and not asked for; `undefined` is the end. */
  #held: (LineBatch | undefined)[] | undefined;
  #heldCharacters = 0;
  #failure: { readonly error: unknown } | undefined;
  #isDiscarding = false;
  /** Wake the reading loop, and the caller that waits for a batch. */
  #resume: (() => void) | undefined;
  #notify: (() => void) | undefined;

  constructor(framer: Framer) {
    this.#framer = framer;
  }

  get isWaiting(): boolean {
    return this.#held ? this.#notify !== undefined : this.#framer.isWaiting;
  }

  get isOctetCounted(): boolean {
    return this.#framer.isOctetCounted;
  }

  /**
   * Reads the first batch unasked. `accepts` sees it before anybody else; a refused batch is the
   * end. Resolves once the batch is accepted or refused.
   *
   * @param accepts Returns `undefined` if it has to see the second batch, too.
   * @param patience Resolves when to stop waiting for the second batch.
   */
  peek(
    accepts: (first: LineBatch, second?: LineBatch) => boolean | undefined,
    patience: () => Promise<void> = () => Promise.resolve(),
  ): Promise<unknown> {
    const first = this.#framer.read().then(async (batch) => {
      let isAccepted = batch && accepts(batch);
      if (batch && isAccepted === undefined) {
        const second = this.#framer.read();
        (this.#peeked ??= []).push(second);
        const more = await Promise.race([second, patience()]);
        isAccepted = accepts(batch, more ?? NO_LINES);
      }
      return isAccepted ? batch : undefined;
    });
    (this.#peeked ??= []).push(first);
    return first;
  }

  /** Lines that were read ahead and have not been asked for. */
  get held(): readonly string[] {
    return this.#held?.flatMap((batch) => batch?.lines ?? []) ?? [];
  }

  /** Reads unasked from the next batch on. Safe to call again. */
  start(): void {
    // A batch that somebody waits for has been asked for.
    const answered = this.#isAsked
      ? new Promise<void>((resolve) => this.#onAnswered = resolve)
      : Promise.resolve();
    this.#reading ??= answered.then(() => this.#run());
  }

  read(): Promise<LineBatch | undefined> {
    return new Promise((takeLines, fail) => this.pull({ takeLines, fail }));
  }

  pull(taker: LineTaker): void {
    if (this.#reading) return pass(this.#take(), taker);
    this.#isAsked = true;
    this.#taker = taker;
    if (this.#framer.pull && !this.#peeked) this.#framer.pull(this);
    else pass(this.#next(), this);
  }

  /** This and the next method are part of {@linkcode LineTaker}. */
  takeLines(batch: LineBatch | undefined): void {
    this.#isAsked = false;
    this.#onAnswered?.();
    this.#taker.takeLines(batch);
  }

  fail(error: unknown): void {
    this.#isAsked = false;
    this.#onAnswered?.();
    this.#taker.fail(error);
  }

  async discard(): Promise<void> {
    this.#isDiscarding = true;
    this.#resume?.();
    await this.#reading;
    await this.#framer.discard();
  }

  #next(): Promise<LineBatch | undefined> {
    const peeked = this.#peeked?.shift();
    if (this.#peeked?.length === 0) this.#peeked = undefined;
    return peeked ?? this.#framer.read();
  }

  async #take(): Promise<LineBatch | undefined> {
    for (;;) {
      if (this.#held && this.#held.length > 0) {
        const [batch] = this.#held;
        if (!batch) return undefined;
        this.#held.shift();
        this.#heldCharacters -= sizeOf(batch);
        this.#resume?.();
        return batch;
      }
      if (this.#failure) throw this.#failure.error;
      await new Promise<void>((resolve) => this.#notify = resolve);
      this.#notify = undefined;
    }
  }

  async #run(): Promise<void> {
    const held: (LineBatch | undefined)[] = this.#held = [];
    try {
      for (let batch = await this.#next();; batch = await this.#next()) {
        held.push(batch);
        this.#notify?.();
        if (!batch || this.#isDiscarding) return;
        this.#heldCharacters += sizeOf(batch);
        if (this.#heldCharacters < MAX_HELD_CHARACTERS) continue;
        await new Promise<void>((resolve) => this.#resume = resolve);
        this.#resume = undefined;
        if (this.#isDiscarding) return;
      }
    } catch (error) {
      this.#failure = { error };
      this.#notify?.();
    }
  }
}

function pass(batch: Promise<LineBatch | undefined>, taker: LineTaker): void {
  batch.then((batch) => taker.takeLines(batch), (error) => taker.fail(error));
}

function sizeOf({ lines }: LineBatch): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}
