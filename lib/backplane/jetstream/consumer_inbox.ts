/**
 * What a push consumer has delivered, up to the first sign that something is missing.
 *
 * @module
 */

import type { Msg } from "@nats-io/transport-node";
import type { StreamEntry } from "../entry_stream.ts";

/** A consumer that has been silent for this long, in milliseconds, is considered gone. */
const SILENCE_MS = 2000;
/** The status code of heartbeats and of flow control, which asks for an answer once we keep up. */
const CONTROL = 100;

/** Takes what a consumer delivers, and checks that nothing is missing. */
export class ConsumerInbox {
  #entries: StreamEntry[] = [];
  /** The subject of a flow-control request, to be answered once earlier entries have been taken. */
  #flowControl: string | undefined;
  #wake = Promise.withResolvers<void>();
  #hasEnded = false;
  #last: number;
  #delivered = 0;
  #silence: ReturnType<typeof setTimeout> | undefined;

  readonly #answer: (subject: string) => void;

  /**
   * @param after The sequence number after which the consumer begins.
   * @param answer Sends an empty message to a subject.
   */
  constructor(after: number, answer: (subject: string) => void) {
    this.#last = after;
    this.#answer = answer;
  }

  /** From now on, silence of the consumer ends the inbox. */
  watch(): void {
    if (!this.#hasEnded) this.#heard();
  }

  /** Takes a message; one out of order ends the inbox. */
  take(message: Msg): void {
    if (this.#hasEnded) return;
    this.#heard();
    if (message.headers?.code === CONTROL) return this.#control(message);
    const place = message.reply ? parsePlace(message.reply) : undefined;
    // A gap in `seq` is a message removed from the stream for good; the caller checks for that.
    const isNext = place?.delivered === this.#delivered + 1 && place.seq > this.#last;
    if (!isNext) return this.end();
    this.#delivered = place.delivered;
    this.#last = place.seq;
    this.#entries.push({ seq: place.seq, at: place.at, bytes: message.data });
    this.#wake.resolve();
  }

  /** Ends the inbox; entries already taken are still handed out. */
  end(): void {
    this.#hasEnded = true;
    clearTimeout(this.#silence);
    this.#wake.resolve();
  }

  /**
   * Waits for the next entries; `undefined` once the inbox has ended. Calling it again means that
   * the caller has handled the previous ones.
   */
  async next(): Promise<readonly StreamEntry[] | undefined> {
    if (this.#entries.length === 0) {
      if (this.#flowControl) this.#answer(this.#flowControl);
      this.#flowControl = undefined;
      await this.#wake.promise;
    }
    // Entries taken before the end are in order.
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
    // The consumer is waiting for an answer that got lost.
    const stalled = message.headers?.get("Nats-Consumer-Stalled");
    if (stalled && this.#entries.length === 0) this.#answer(stalled);
  }

  #heard(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.end(), SILENCE_MS);
  }
}

/** Parses a message's position from the subject for its acknowledgement; see ADR-15 of NATS. */
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
