/**
 * Reading on while the lines that came are still being worked on: keys have to be answered at once,
 * however busy the service is, and it is by reading lines that keys are read.
 *
 * @module
 */

import type { LineBatch, LineDamage, LineInput } from "./framing.ts";

/** Characters of lines that may wait to be worked on before no more is read. */
const MAX_WAITING_CHARACTERS = 16 * 1024;

interface WaitingLine {
  readonly result: IteratorResult<string>;
  readonly damage: LineDamage | undefined;
}

/** The lines of a reader: as they are asked for, or, once it is started, as they come. */
export class ReadAhead implements LineInput {
  readonly #reader: LineInput;
  #latest: Promise<unknown> = Promise.resolve();
  #isStarted = false;
  /** What was read and not asked for, once anything is read so. */
  #waiting: WaitingLine[] | undefined;
  #characters = 0;
  #damage: LineDamage | undefined;
  #failure: { readonly error: unknown } | undefined;
  #isDiscarding = false;
  #reading: Promise<void> | undefined;
  /** Wake up what waits for room, and who waits for a line. */
  #goOn: (() => void) | undefined;
  #tell: (() => void) | undefined;

  constructor(reader: LineInput) {
    this.#reader = reader;
  }

  /** What was done to the line returned last; `undefined` for nothing. */
  get damage(): LineDamage | undefined {
    return this.#waiting ? this.#damage : this.#reader.damage;
  }

  get isUnfinished(): boolean {
    return this.#reader.isUnfinished;
  }

  /** Whether it is the peer's turn: a line was asked for, and there is none yet. */
  get isWaiting(): boolean {
    return this.#waiting ? this.#tell !== undefined : this.#reader.isWaiting;
  }

  /** Reads unasked from the next line on. Safe to call again. */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    // The line that is being waited for was asked for.
    const read = () => this.#read();
    this.#reading = this.#latest.then(read, read);
  }

  /** The next line, without its end. */
  next(): Promise<IteratorResult<string>> {
    if (this.#isStarted) return this.#take();
    const next = this.#reader.next();
    this.#latest = next;
    return next;
  }

  /** What was read ahead is handed out line by line. */
  async gather(first: string): Promise<LineBatch> {
    if (!this.#waiting) return await this.#reader.gather(first);
    return { lines: [first], damage: this.#damage && new Map([[0, this.#damage]]) };
  }

  /** Reads and forgets what still comes, until the end. */
  async discard(): Promise<void> {
    this.#isDiscarding = true;
    this.#goOn?.();
    await this.#reading;
    await this.#reader.discard();
  }

  async #take(): Promise<IteratorResult<string>> {
    for (;;) {
      const line = this.#waiting?.[0];
      if (line?.result.done) return line.result;
      if (line) {
        this.#waiting!.shift();
        this.#damage = line.damage;
        this.#characters -= sizeOf(line.result);
        this.#goOn?.();
        return line.result;
      }
      if (this.#failure) throw this.#failure.error;
      await new Promise<void>((resolve) => this.#tell = resolve);
      this.#tell = undefined;
    }
  }

  async #read(): Promise<void> {
    this.#damage = this.#reader.damage;
    const waiting: WaitingLine[] = this.#waiting = [];
    try {
      while (!this.#isDiscarding && !waiting.at(-1)?.result.done) {
        const result = await this.#reader.next();
        waiting.push({ result, damage: this.#reader.damage });
        this.#characters += sizeOf(result);
        this.#tell?.();
        if (this.#characters < MAX_WAITING_CHARACTERS) continue;
        await new Promise<void>((resolve) => this.#goOn = resolve);
        this.#goOn = undefined;
      }
    } catch (error) {
      this.#failure = { error };
      this.#tell?.();
    }
  }
}

function sizeOf({ done, value }: IteratorResult<string>): number {
  return done ? 0 : value.length + 1;
}
