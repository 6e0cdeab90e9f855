/**
 * Sends the entries of one run of a node, and sends all again from the first that has not come
 * back, whenever one seems lost (go-back-N). Sending too often is harmless: each is applied once.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { log } from "../log.ts";
import type { NodeRun } from "./entry.ts";
import type { EntryStream } from "./entry_stream.ts";
import type { UnloggedTexts } from "./unlogged_texts.ts";
import { encodeParcel, type Outgoing, type Parcel } from "./outgoing.ts";

/** Milliseconds between looks at what has not come back. */
const LOOK_MS = 250;
/** An entry is sent again if it has not come back in this time, milliseconds; then less often. */
const AGAIN_MS = { first: 1000, most: 8000 };
/** After a refusal, milliseconds. */
const REFUSED_MS = 100;
/** A node is cut off if nothing has come back for this time, milliseconds. */
const CUT_OFF_MS = 2000;

export interface EntrySenderOptions {
  readonly stream: Pick<EntryStream, "publish">;
  readonly outgoing: Outgoing;
  readonly clock: Clock;
  /** Takes what the stream must not get. */
  readonly texts: UnloggedTexts;
}

export class EntrySender {
  readonly #stream: EntrySenderOptions["stream"];
  readonly #outgoing: Outgoing;
  readonly #clock: Clock;
  readonly #texts: UnloggedTexts;
  #run: NodeRun = { node: "", incarnation: "" };
  /** The number of the first entry on its way. */
  #first = 1;
  #isLinked = false;
  #isStopped = false;
  #attempt = 0;
  #againMs = AGAIN_MS.first;
  #againAt = 0;
  /** The entry for which all were sent again because a later one was skipped. */
  #sentAgainFor = 0;
  #lastProgress: number;
  #lookAt = 0;
  #cancelLook: (() => void) | undefined;
  /** Whether what is sent comes back. */
  isReached = true;
  /** Is told when that changes. */
  onReach: (isReached: boolean) => void = () => {};

  constructor({ stream, outgoing, clock, texts }: EntrySenderOptions) {
    this.#stream = stream;
    this.#outgoing = outgoing;
    this.#clock = clock;
    this.#texts = texts;
    this.#lastProgress = clock.monotonic();
  }

  /** Numbers what is on its way from 1, as entries of another run. */
  begin(run: NodeRun): void {
    this.#run = run;
    this.#first = 1;
    this.#sentAgainFor = 0;
    this.#noteProgress();
    this.#sendAll();
  }

  sendNext(): void {
    if (this.#outgoing.inFlight.length === 0) this.#noteProgress();
    const parcel = this.#outgoing.next();
    if (parcel) this.#send(parcel, this.#first + this.#outgoing.inFlight.length - 1);
    this.#look();
  }

  /** The first entry on its way has come back. */
  cameBack(): Parcel {
    this.#first++;
    const parcel = this.#outgoing.arrivedBack();
    this.#noteProgress();
    this.#againMs = AGAIN_MS.first;
    this.#againAt = this.#clock.monotonic() + this.#againMs;
    this.#setReached(true);
    return parcel;
  }

  /** An entry was skipped by all nodes, while `expected` was the one to come. */
  skipped(batch: number, expected: number): void {
    if (batch <= expected || this.#sentAgainFor === expected) return;
    this.#sentAgainFor = expected;
    log("cluster").debug("Entry {expected} got lost, sending again from there", { expected });
    this.#sendAll();
  }

  /** The stream can be read, and has been read to its end. */
  linked(): void {
    this.#isLinked = true;
    this.#sendAll();
    if (this.#outgoing.inFlight.length === 0) this.#setReached(true);
  }

  /** The stream cannot be read. */
  unlinked(): void {
    if (!this.#isLinked) return this.#look();
    this.#isLinked = false;
    if (this.#outgoing.inFlight.length === 0) this.#noteProgress();
    this.#look();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelLook?.();
  }

  #sendAll(): void {
    this.#attempt++;
    this.#againAt = this.#clock.monotonic() + this.#againMs;
    this.#outgoing.inFlight.forEach((parcel, index) => this.#send(parcel, this.#first + index));
    this.#look();
  }

  #send(parcel: Parcel, batch: number): void {
    // It is sent when the link is there.
    if (!this.#isLinked || this.#isStopped) return;
    const attempt = this.#attempt;
    const { node, incarnation } = this.#run;
    this.#texts.send({ node, incarnation, batch }, parcel.drafts);
    const bytes = encodeParcel(parcel, { node, incarnation, batch });
    // The stream drops what has an id that it has seen, so another attempt needs another one.
    const id = `${node}.${incarnation}.${batch}.${attempt}`;
    this.#stream.publish(bytes, id).catch((error: Error) => {
      log("cluster").debug("Cannot send entry {batch}: {message}", {
        batch,
        message: error.message,
      });
      if (attempt !== this.#attempt) return;
      this.#againAt = Math.min(this.#againAt, this.#clock.monotonic() + REFUSED_MS);
    });
  }

  /** Looks after a while, as long as there is anything to look after. */
  #look(): void {
    const isIdle = this.#isLinked && this.#outgoing.inFlight.length === 0;
    if (this.#cancelLook || this.#isStopped || isIdle) return;
    this.#lookAt = this.#clock.monotonic() + LOOK_MS;
    this.#cancelLook = this.#clock.after(LOOK_MS, () => {
      this.#cancelLook = undefined;
      this.#lookNow();
      this.#look();
    });
  }

  #lookNow(): void {
    const now = this.#clock.monotonic();
    // This process was stopped for a while: what has come back since was not read yet.
    if (now - this.#lookAt > CUT_OFF_MS / 2) this.#noteProgress();
    const isIdle = this.#isLinked && this.#outgoing.inFlight.length === 0;
    if (!isIdle && now - this.#lastProgress >= CUT_OFF_MS) this.#setReached(false);
    if (!this.#isLinked || isIdle || now < this.#againAt) return;
    this.#againMs = Math.min(this.#againMs * 2, AGAIN_MS.most);
    this.#sendAll();
  }

  #noteProgress(): void {
    this.#lastProgress = this.#clock.monotonic();
  }

  #setReached(isReached: boolean): void {
    if (this.isReached === isReached) return;
    this.isReached = isReached;
    this.onReach(isReached);
  }
}
