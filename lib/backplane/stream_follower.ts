/**
 * Reads the stream from where this node stopped, and applies what is in it. After each interruption
 * it makes sure that the stream still has the past that the node has applied.
 *
 * @module
 */

import { type Clock, sleep } from "../clock.ts";
import { log } from "../log.ts";
import { Histogram } from "../metrics/histogram.ts";
import { EntryFormatError } from "./entry.ts";
import { LastingDoubt } from "./lasting_doubt.ts";
import { type EntryStream, StreamMissingError, StreamRefusedError } from "./entry_stream.ts";
import { type AppliedEntry, EntryMissingError, type Replica } from "./replica.ts";
import { checkPast, FILL, PastDoubt, PastError } from "./same_past.ts";
import { SameNodeError } from "./same_node_error.ts";

/** Bytes of entries that are applied in one transaction, unless a single one has more. */
const BATCH_BYTES = 256 * 1024;
/** Entries that are applied in one transaction. */
const BATCH_ENTRIES = 256;
/** Pauses before another attempt to read, milliseconds. */
const PAUSE_MS = { first: 100, most: 500 };
/** Pause before another attempt to store, milliseconds. */
const STORE_PAUSE_MS = 1000;

export interface StreamFollowerOptions {
  readonly stream: EntryStream;
  readonly replica: Replica;
  readonly node: string;
  readonly clock: Clock;
  readonly nextTurn: () => Promise<void>;
  /** Takes what was applied, in order. */
  readonly onApplied: (applied: AppliedEntry) => Promise<void>;
  /** Everything is applied that was in the stream when reading began. */
  readonly onCaughtUp: () => void;
  readonly onInterrupted: () => void;
}

export class StreamFollower {
  /** How long it took to apply and store entries. */
  readonly commits = new Histogram();
  readonly #options: StreamFollowerOptions;
  #isFailing = false;
  #isStoring = true;
  readonly #doubt: LastingDoubt;

  constructor(options: StreamFollowerOptions) {
    this.#options = options;
    this.#doubt = new LastingDoubt(options.clock);
  }

  /** Whether the last entries could be stored. */
  get isWritable(): boolean {
    return this.#isStoring;
  }

  /**
   * Follows the stream until the signal is aborted.
   *
   * @param untilCaughtUp Whether it ends once everything is applied that was there in the beginning.
   * @throws {Error} if this node cannot go on; the message is a sentence that says what to do.
   */
  async run(signal: AbortSignal, untilCaughtUp: boolean): Promise<void> {
    for (let pause = PAUSE_MS.first; !signal.aborted;) {
      try {
        const isCaughtUp = await this.#read(signal, untilCaughtUp);
        if (isCaughtUp) pause = PAUSE_MS.first;
        if (isCaughtUp && untilCaughtUp) return;
      } catch (error) {
        this.#refuse(error as Error);
        this.#note(error as Error);
      }
      if (signal.aborted) return;
      this.#options.onInterrupted();
      await sleep(this.#options.clock, pause, signal);
      pause = Math.min(pause * 2, PAUSE_MS.most);
    }
  }

  /** Reads until the link is interrupted; returns whether it has caught up. */
  async #read(signal: AbortSignal, untilCaughtUp: boolean): Promise<boolean> {
    const { stream, replica, node } = this.#options;
    const description = await stream.describe(replica.position.seq === 0);
    await checkPast(replica, stream, description, node);
    const { created, lastSeq } = description;
    let isCaughtUp = false;
    const noteCaughtUp = () => {
      if (isCaughtUp || replica.position.seq < lastSeq) return;
      isCaughtUp = true;
      this.#noteReached();
      this.#options.onCaughtUp();
    };
    noteCaughtUp();
    if (isCaughtUp && untilCaughtUp) return true;
    for await (const entries of stream.read(replica.position.seq, signal)) {
      for (let start = 0; start < entries.length && !signal.aborted;) {
        const batch = firstOf(entries, start);
        start += batch.length;
        await this.#apply(batch, created, signal);
        noteCaughtUp();
        if (isCaughtUp && untilCaughtUp) return true;
        if (start < entries.length) await this.#options.nextTurn();
      }
      if (signal.aborted) break;
    }
    return isCaughtUp;
  }

  /** Tries until it can be stored: what others have applied cannot be refused. */
  async #apply(
    batch: Parameters<Replica["apply"]>[0],
    created: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { replica, clock, onApplied } = this.#options;
    while (!signal.aborted) {
      let start = clock.monotonic();
      try {
        await replica.apply(batch, created, async (applied) => {
          this.#noteStored();
          this.commits.observeMs(clock.monotonic() - start);
          for (const each of applied) await onApplied(each);
          start = clock.monotonic();
        });
        return;
      } catch (error) {
        if (isFinal(error) || error instanceof EntryMissingError) throw error;
        this.#noteUnstored(error as Error);
        await sleep(clock, STORE_PAUSE_MS, signal);
      }
    }
  }

  /** @throws {Error} if it is no use to try again. */
  #refuse(error: Error): void {
    if (error instanceof RangeError) {
      throw new PastError(
        `The log of this node does not continue the order of the cluster: ${error.message}. ${FILL}`,
      );
    }
    if (isFinal(error)) throw error;
    const doubt = doubtOf(error);
    if (!doubt) return;
    const { seq } = this.#options.replica.position;
    if (this.#doubt.isCertain(`${seq} ${error.name}`)) throw new PastError(doubt);
  }

  #note({ message }: Error): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    log("cluster").warning("The cluster cannot be reached, will try again: {message}", { message });
  }

  #noteReached(): void {
    this.#doubt.clear();
    if (!this.#isFailing) return;
    this.#isFailing = false;
    log("cluster").info("The cluster can be reached again");
  }

  /** Logged once: a full disk fails every batch until there is space again. */
  #noteUnstored({ message }: Error): void {
    if (!this.#isStoring) return;
    this.#isStoring = false;
    log("cluster").error(
      "Cannot write to the log, so this node shows nothing new; will try again: {message}",
      { message },
    );
  }

  #noteStored(): void {
    if (this.#isStoring) return;
    this.#isStoring = true;
    log("cluster").info("The log is writable again");
  }
}

function isFinal(error: unknown): boolean {
  return [PastError, EntryFormatError, SameNodeError, StreamRefusedError, RangeError]
    .some((kind) => error instanceof kind);
}

/** Why a node cannot go on, if this lasts; `undefined` if it only has to try again. */
function doubtOf(error: Error): string | undefined {
  const { message } = error;
  if (error instanceof PastDoubt) return message;
  if (error instanceof StreamMissingError) {
    return `The stream of the cluster is gone: ${message}. If it cannot be restored, stop all ` +
      `nodes, run partyline cluster reset on the one that has applied most, and ` +
      `fill the others from its backup`;
  }
  if (!(error instanceof EntryMissingError)) return undefined;
  return `${message}: somebody has removed it. Nodes that have applied it know more than this ` +
    `one. Fill this node from one of them, with partyline backup and restore`;
}

/** The first few entries from `start`. */
function firstOf<T extends { bytes: Uint8Array }>(entries: readonly T[], start: number): T[] {
  let end = start;
  for (let bytes = 0; end < entries.length && end - start < BATCH_ENTRIES; end++) {
    bytes += entries[end].bytes.length;
    if (bytes > BATCH_BYTES && end > start) break;
  }
  return entries.slice(start, end);
}
