/**
 * The receipt that a sender asks for with `@receipt`, before its lines or as the last of them.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import { LogLostError } from "../../domain/log_error.ts";
import type { RoomRegistry } from "../../domain/rooms/room_registry.ts";
import type { LineBatch } from "../../server/framing/framer.ts";
import { RECEIPT } from "./controls.ts";
import { shiftDamage } from "./line_recorder.ts";
import { type AnsweredPeer, Receipt } from "./receipt.ts";

/** Milliseconds of silence before a requested receipt is sent. */
const IDLE_MS = 1000;

export interface RequestedReceiptOptions {
  readonly session: AnsweredPeer;
  readonly clock: Clock;
  /** As returned by `parseRoomName`. */
  readonly room: string;
  readonly registry: Pick<RoomRegistry, "settled" | "check">;
}

export class RequestedReceipt {
  readonly #options: RequestedReceiptOptions;
  readonly #receipt: Receipt;
  /** Whether a receipt is due after some silence. */
  #isWanted = false;
  /** Whether the last line was `@receipt`; if more lines follow, it was a log line. */
  #holdsLine = false;
  #cancelTimer: (() => void) | undefined;
  #refusedLines = 0;

  constructor(options: RequestedReceiptOptions) {
    this.#options = options;
    this.#receipt = new Receipt(options.room);
  }

  /** Whether to send one as soon as the sender pauses. */
  get isDue(): boolean {
    return this.#isWanted || this.#holdsLine;
  }

  /** Lines of the sender that could not be stored. */
  get refusedLines(): number {
    return this.#refusedLines;
  }

  /** Counts lines that are on disk, in order. */
  add(events: readonly RoomEvent[]): void {
    this.#receipt.add(events);
  }

  /** Counts lines that could not be stored. */
  addRefused(lines: number): void {
    this.#refusedLines += lines;
  }

  /** Takes the request among the others before the lines. */
  request(): void {
    this.#isWanted = true;
  }

  /** Holds back `@receipt` in the last line, and restores it if other lines follow. */
  holdBack({ lines, damage }: LineBatch, isControl: boolean): LineBatch {
    if (lines.length === 0) return { lines, damage };
    if (this.#holdsLine) {
      lines = [RECEIPT, ...lines];
      damage = shiftDamage(damage, 1);
    }
    this.#holdsLine = isControl && lines[lines.length - 1] === RECEIPT;
    return { lines: this.#holdsLine ? lines.slice(0, -1) : lines, damage };
  }

  /** Sends the receipt, if it is due, once nothing has arrived for a second. */
  awaitSilence(): void {
    if (!this.isDue) return;
    const { clock, registry } = this.#options;
    this.#cancelTimer = clock.after(IDLE_MS, () => {
      this.#clear();
      registry.settled().then(() => this.send());
    });
  }

  /** Called when something arrives, or nothing more will. */
  endSilence(): void {
    this.#cancelTimer?.();
  }

  /**
   * Sends the receipt, or explains that the log is gone.
   *
   * @returns Whether it is for all lines.
   */
  async send(): Promise<boolean> {
    this.#clear();
    const { session, registry } = this.#options;
    try {
      // The log was there when the lines were stored.
      await registry.check();
    } catch (error) {
      if (!(error instanceof LogLostError)) throw error;
      session.answer(`! There is no receipt. ${error.message} Send your lines again later.`);
      return false;
    }
    session.answer(this.#receipt.toString());
    if (this.#refusedLines === 0) return true;
    session.answer(
      this.#refusedLines === 1
        ? "! 1 line could not be stored and is not counted. Send it again."
        : `! ${this.#refusedLines} lines could not be stored and are not counted. Send them again.`,
    );
    return false;
  }

  #clear(): void {
    this.#isWanted = this.#holdsLine = false;
  }
}
