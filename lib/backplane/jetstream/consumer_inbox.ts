/**
 * What a push consumer has delivered, as long as nothing is in doubt.
 *
 * @module
 */

import type { Msg } from "@nats-io/transport-node";
import type { StreamEntry } from "../entry_stream.ts";

/** A consumer that is silent for longer is taken for gone, milliseconds. */
const SILENCE_MS = 2000;
/** Heartbeats, and requests to confirm that what came before is done with. */
const CONTROL = 100;

/** Takes what a consumer delivers, and checks that nothing is missing. */
export class ConsumerInbox {
  #entries: StreamEntry[] = [];
  /** To be answered when what came before it was taken. */
  #flowControl: string | undefined;
  #wake = Promise.withResolvers<void>();
  #hasEnded = false;
  #last: number;
  #delivered = 0;
  #silence: ReturnType<typeof setTimeout> | undefined;

  readonly #answer: (subject: string) => void;

  constructor(after: number, answer: (subject: string) => void) {
    this.#last = after;
    this.#answer = answer;
  }

  /** From now on it is taken for gone if it is silent. */
  watch(): void {
    if (!this.#hasEnded) this.#heard();
  }

  take(message: Msg): void {
    if (this.#hasEnded) return;
    this.#heard();
    if (message.headers?.code === CONTROL) return this.#control(message);
    const place = message.reply ? parsePlace(message.reply) : undefined;
    // A removed message would leave a gap that is there to stay: whoever applies them looks at that.
    const isNext = place?.delivered === this.#delivered + 1 && place.seq > this.#last;
    if (!isNext) return this.end();
    this.#delivered = place.delivered;
    this.#last = place.seq;
    this.#entries.push({ seq: place.seq, at: place.at, bytes: message.data });
    this.#wake.resolve();
  }

  end(): void {
    this.#hasEnded = true;
    clearTimeout(this.#silence);
    this.#wake.resolve();
  }

  /**
   * What has come since; `undefined` once it has ended. Asking again means that the caller has
   * handled the last ones.
   */
  async next(): Promise<readonly StreamEntry[] | undefined> {
    if (this.#entries.length === 0) {
      if (this.#flowControl) this.#answer(this.#flowControl);
      this.#flowControl = undefined;
      await this.#wake.promise;
    }
    // What came before the end is in order.
    if (this.#hasEnded && this.#entries.length === 0) return undefined;
    const entries = this.#entries;
    this.#entries = [];
    if (!this.#hasEnded) this.#wake = Promise.withResolvers();
    return entries;
  }

  #control(message: Msg): void {
    if (message.reply) {
      this.#flowControl = message.reply;
      this.#wake.resolve();
      return;
    }
    const delivered = Number(message.headers?.get("Nats-Last-Consumer"));
    if (delivered > this.#delivered) this.end();
    // A consumer waits for an answer that got lost.
    const stalled = message.headers?.get("Nats-Consumer-Stalled");
    if (stalled && this.#entries.length === 0) this.#answer(stalled);
  }

  #heard(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.end(), SILENCE_MS);
  }
}

/** Where a message stands, by the subject for its acknowledgement; see ADR-15 of NATS. */
function parsePlace(reply: string): { seq: number; delivered: number; at: number } | undefined {
  const parts = reply.split(".");
  if (parts[0] !== "$JS" || parts[1] !== "ACK" || parts.length < 9) return undefined;
  // Servers with domains put two parts before the stream's name, and may add more at the end.
  const [, seq, delivered, nanoseconds] = parts.slice(parts.length === 9 ? 4 : 6);
  return {
    seq: Number(seq),
    delivered: Number(delivered),
    at: Math.floor(Number(nanoseconds) / 1e6),
  };
}
