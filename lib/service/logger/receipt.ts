/**
 * Proof for a sender that its lines are on disk: receipts and acknowledgements.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { RoomEvent } from "../../domain/room_event.ts";
import { log } from "../../log.ts";
import type { Session } from "../../server/session/session.ts";
import type { Acknowledged } from "./sender_progress.ts";

/** A sender that is told about its lines. */
export type AnsweredPeer = Pick<Session, "answer">;

/** Counts and hashes the stored lines of a sender. */
export class Receipt {
  #lines = 0;
  #firstSeq = 0;
  #lastSeq = 0;
  /** The room's name, as it is spelled in the log. */
  #room: string;
  readonly #hash = createHash("sha256");

  constructor(room: string) {
    this.#room = room;
  }

  /** The number of stored lines. */
  get lines(): number {
    return this.#lines;
  }

  /** Counts lines that are on disk, in order. */
  add(events: readonly RoomEvent[]): void {
    if (events.length === 0) return;
    let text = "";
    for (const { body } of events) text += body + "\n";
    this.#hash.update(text);
    if (this.#lines === 0) this.#firstSeq = events[0].seq;
    this.#lines += events.length;
    this.#lastSeq = events[events.length - 1].seq;
    this.#room = events[0].room;
  }

  /**
   * `stored 1204 lines as #381-#1584 in log sha256=...`: the first and the last number, between
   * which there may be others' lines, and the hash of the stored lines, each followed by a newline.
   */
  toString(): string {
    const range = this.#lines === 0 ? "" : ` as #${this.#firstSeq}-#${this.#lastSeq}`;
    const digest = this.#hash.copy().digest("hex");
    return `stored ${this.#lines} ${
      this.#lines === 1 ? "line" : "lines"
    }${range} in ${this.#room} sha256=${digest}`;
  }
}

/** Keeps a record of what is about to be acknowledged. */
export type NoteAcknowledged = (acknowledged: Acknowledged) => Promise<void>;

/** Sends `ack #SEQ` for every `interval` lines on disk. */
export class Acknowledgements {
  readonly #interval: number;
  readonly #peer: AnsweredPeer;
  readonly #note: NoteAcknowledged | undefined;
  /** All lines, and those since the last acknowledgement. */
  #total = 0;
  #lines = 0;
  #noted: Promise<void> = Promise.resolve();

  /** @param note Must have resolved before an acknowledgement is sent. */
  constructor(interval: number, peer: AnsweredPeer, note?: NoteAcknowledged) {
    this.#interval = interval;
    this.#peer = peer;
    this.#note = note;
  }

  /** Resolves once everything due has been sent. */
  get settled(): Promise<void> {
    return this.#noted;
  }

  /** Counts lines that are on disk, in order. */
  add(events: readonly RoomEvent[]): void {
    const lines: string[] = [];
    let next = this.#interval - this.#lines - 1;
    for (; next < events.length; next += this.#interval) lines.push(`ack #${events[next].seq}`);
    this.#lines = this.#interval - (next - events.length) - 1;
    this.#total += events.length;
    if (lines.length === 0) return;
    const { seq } = events[next - this.#interval];
    this.#send(lines.join("\r\n"), { lines: this.#total - this.#lines, seq });
  }

  #send(answer: string, acknowledged: Acknowledged): void {
    if (!this.#note) {
      this.#peer.answer(answer);
      return;
    }
    // At once, so that notes are made in order.
    const note = this.#note(acknowledged);
    this.#noted = this.#noted.then(() => note).then(
      () => void this.#peer.answer(answer),
      // Without an acknowledgement the sender will send these lines again.
      (error) => log("logger").warning("Cannot note an acknowledgement: {error}", { error }),
    );
  }
}
