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
  /** Takes the batch that was asked for last. */
  #taker!: LineTaker;
  /** Whether the taker waits for a batch; and whether we wait for one of the framer. */
  #isAsked = false;
  #isReading = false;
  /** Once started: batches that were read and not asked for; `undefined` is the end. */
  #held: (LineBatch | undefined)[] | undefined;
  #heldCharacters = 0;
  #failure: { readonly error: unknown } | undefined;
  /** Called when the read under way ends; set once no more batches are wanted. */
  #onIdle: (() => void) | undefined;

  constructor(framer: Framer) {
    this.#framer = framer;
  }

  get isWaiting(): boolean {
    return this.#held ? this.#isAsked : this.#framer.isWaiting;
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
    if (this.#held) return;
    this.#held = [];
    if (!this.#isReading) this.#read();
  }

  read(): Promise<LineBatch | undefined> {
    return new Promise((takeLines, fail) => this.pull({ takeLines, fail }));
  }

  pull(taker: LineTaker): void {
    this.#isAsked = true;
    this.#taker = taker;
    if (this.#held) this.#serve(this.#held);
    else this.#read();
  }

  /** This and the next method are part of {@linkcode LineTaker}. */
  takeLines(batch: LineBatch | undefined): void {
    this.#isReading = false;
    const held = this.#held;
    if (!held) return this.#give(batch);
    held.push(batch);
    if (batch) this.#heldCharacters += sizeOf(batch);
    this.#serve(held);
    this.#readOn(held);
  }

  fail(error: unknown): void {
    this.#isReading = false;
    this.#failure = { error };
    this.#onIdle?.();
    this.#serve(this.#held ?? []);
  }

  async discard(): Promise<void> {
    const idle = new Promise<void>((resolve) => this.#onIdle = resolve);
    if (this.#held && this.#isReading) await idle;
    await this.#framer.discard();
  }

  #read(): void {
    this.#isReading = true;
    const peeked = this.#peeked?.shift();
    if (this.#peeked?.length === 0) this.#peeked = undefined;
    if (this.#framer.pull && !peeked) return this.#framer.pull(this);
    const batch = peeked ?? this.#framer.read();
    batch.then((batch) => this.takeLines(batch), (error) => this.fail(error));
  }

  /** Reads the next batch, unless no more are wanted, the input has ended, or too much is held. */
  #readOn(held: (LineBatch | undefined)[]): void {
    if (this.#onIdle) return this.#onIdle();
    const isOver = this.#failure || (held.length > 0 && held.at(-1) === undefined);
    if (!this.#isReading && !isOver && this.#heldCharacters < MAX_HELD_CHARACTERS) this.#read();
  }

  /** If a batch is asked for, passes on the first one held or, after the last, the failure. */
  #serve(held: (LineBatch | undefined)[]): void {
    if (!this.#isAsked) return;
    if (held.length > 0) {
      const [batch] = held;
      if (batch) {
        held.shift();
        this.#heldCharacters -= sizeOf(batch);
      }
      this.#give(batch);
      this.#readOn(held);
    } else if (this.#failure) {
      this.#isAsked = false;
      this.#taker.fail(this.#failure.error);
    }
  }

  #give(batch: LineBatch | undefined): void {
    this.#isAsked = false;
    this.#taker.takeLines(batch);
  }
}

function sizeOf({ lines }: LineBatch): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}
