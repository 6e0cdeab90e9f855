/**
 * A stream in memory for several nodes in one process, whose links lose, double, delay and cut.
 *
 * @module
 */

import { type Clock, systemClock } from "../../lib/clock.ts";
import type {
  EntryStream,
  StreamDescription,
  StreamEntry,
} from "../../lib/backplane/entry_stream.ts";
import { nextTurn } from "./fake_clock.ts";
import type { SeededRandom } from "./random.ts";

/** How likely each fault is, from 0 to 1. */
export interface StreamFaults {
  /** A message is not stored, and its sender gets an error or no answer. */
  readonly lost: number;
  /** A message is stored, and its sender gets an error or no answer. */
  readonly unanswered: number;
  /** A message is stored twice. */
  readonly doubled: number;
  /** A message is stored after later ones. */
  readonly delayed: number;
  /** Reading ends after some messages. */
  readonly cut: number;
}

const NO_FAULTS: StreamFaults = { lost: 0, unanswered: 0, doubled: 0, delayed: 0, cut: 0 };

export interface MemoryStreamOptions {
  /** Stamps messages. @default {systemClock} */
  readonly clock?: Clock;
  readonly maxBytes?: number;
  /** Decides about faults. */
  readonly random?: SeededRandom;
}

/** What the servers of a real stream are. */
export class MemoryStream {
  readonly #clock: Clock;
  readonly #random: SeededRandom | undefined;
  readonly maxBytes: number;
  created: string;
  /** Those that are left, in order. */
  messages: StreamEntry[] = [];
  faults = NO_FAULTS;
  /** Whether nobody reaches it. */
  #isDown = false;
  /** Messages that are stored later. */
  #late: Uint8Array[] = [];
  #wake = Promise.withResolvers<void>();
  /** Changes when all readers are interrupted. */
  #era = 0;

  constructor({ clock = systemClock, maxBytes = 1024 * 1024, random }: MemoryStreamOptions = {}) {
    this.#clock = clock;
    this.#random = random;
    this.maxBytes = maxBytes;
    this.created = new Date(clock.now()).toISOString();
  }

  get isDown(): boolean {
    return this.#isDown;
  }

  set isDown(isDown: boolean) {
    this.#isDown = isDown;
    this.cut();
  }

  get lastSeq(): number {
    return this.messages.at(-1)?.seq ?? 0;
  }

  /** Interrupts all who read. */
  cut(): void {
    this.#era++;
    this.#notify();
  }

  /** Stores everything that is delayed. */
  flush(): void {
    for (const bytes of this.#late.splice(0)) this.#store(bytes);
  }

  /** Removes the first messages. */
  removeThrough(seq: number): void {
    this.messages = this.messages.filter((message) => message.seq > seq);
  }

  /** The stream as one node sees it. */
  connect(): EntryStream {
    return {
      maxBytes: this.maxBytes,
      publish: (bytes) => this.#publish(bytes),
      read: (after, signal) => this.#read(after, signal),
      describe: () => this.#describe(),
      entryAt: (seq) => this.#entryAt(seq),
    };
  }

  #is(likelihood: number): boolean {
    return likelihood > 0 && this.#random!.next() < likelihood;
  }

  #check(): void {
    if (this.#isDown) throw new Error("the memory stream is down");
  }

  async #publish(bytes: Uint8Array): Promise<void> {
    this.#check();
    const { lost, unanswered, doubled, delayed } = this.faults;
    const isLost = this.#is(lost);
    if (this.#is(delayed)) this.#late.push(bytes);
    else if (!isLost) this.#store(bytes);
    if (this.#is(doubled)) {
      if (this.#is(0.5)) this.#store(bytes);
      else this.#late.push(bytes);
    }
    if (this.#late.length > 0 && this.#is(0.2)) {
      this.#store(this.#late.splice(this.#random!.int(this.#late.length), 1)[0]);
    }
    await nextTurn();
    if (!isLost && !this.#is(unanswered)) return;
    if (this.#is(0.5)) await Promise.withResolvers().promise;
    throw new Error("no answer from the memory stream");
  }

  #store(bytes: Uint8Array): void {
    // A real one would hand out the bytes of each message anew.
    const message = { seq: this.lastSeq + 1, at: this.#clock.now(), bytes: bytes.slice() };
    this.messages.push(message);
    this.#notify();
  }

  #notify(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  async *#read(after: number, signal: AbortSignal): AsyncIterable<readonly StreamEntry[]> {
    this.#check();
    const era = this.#era;
    const aborted = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => aborted.resolve(), { once: true });
    for (let last = after; !signal.aborted && this.#era === era;) {
      const wake = this.#wake.promise;
      await nextTurn();
      const found = this.messages.filter(({ seq }) => seq > last);
      if (found.length === 0) await Promise.race([wake, aborted.promise]);
      else {
        const some = this.#random ? found.slice(0, 1 + this.#random.int(found.length)) : found;
        last = some.at(-1)!.seq;
        yield some;
        if (this.#is(this.faults.cut)) return;
      }
    }
  }

  async #describe(): Promise<StreamDescription> {
    await nextTurn();
    this.#check();
    const { created, messages, lastSeq } = this;
    return { created, firstSeq: messages[0]?.seq ?? lastSeq + 1, lastSeq };
  }

  async #entryAt(seq: number): Promise<StreamEntry | undefined> {
    await nextTurn();
    this.#check();
    return this.messages.find((message) => message.seq === seq);
  }
}
