/**
 * The time limits of a session: for reading, for sending something, and for a deadline that a
 * service sets.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { Outbox } from "../output/outbox.ts";

export interface TimeLimitsOptions {
  readonly clock: Clock;
  /** Milliseconds after which a peer that reads nothing is disconnected. */
  readonly stallMs: () => number;
  /** Milliseconds without a byte after which the peer is disconnected; 0 or undefined for never. */
  readonly idleMs?: number;
}

/** The limit that was exceeded: the peer reads nothing, or it gets this sentence. */
export type Verdict = { readonly isStalled: true } | { readonly sentence: string };

/** Checked about once a second, which is as exact as these limits are. */
export class TimeLimits {
  /** How often something has been read. */
  reads = 0;
  readonly #options: TimeLimitsOptions;
  /** Whether anything has been read since the last check. */
  #hasRead = false;
  /** When something was last read. */
  #readAt: number;
  /** The bytes that the peer had taken at the last check, and since when it has taken no more. */
  #takenBytes = 0;
  #takenAt: number;
  #deadline: { readonly at: number; readonly sentence: string } | undefined;

  constructor(options: TimeLimitsOptions) {
    this.#options = options;
    this.#readAt = this.#takenAt = options.clock.monotonic();
  }

  /**
   * Requires {@linkcode TimeLimits.clearDeadline} within `ms` milliseconds; `sentence` tells the
   * peer that it is late.
   */
  setDeadline(ms: number, sentence: string): void {
    this.#deadline = { at: this.#options.clock.monotonic() + ms, sentence };
  }

  noteRead(): void {
    this.#hasRead = true;
    this.reads++;
  }

  /** Whether nothing has been read since the last check, or since this was last asked. */
  takeSilence(): boolean {
    const isSilent = !this.#hasRead;
    this.#hasRead = false;
    return isSilent;
  }

  clearDeadline(): void {
    this.#deadline = undefined;
  }

  /**
   * @param isWaitedFor Whether it is the peer's turn to send something, and not ours.
   * @param isHeld Whether the outbox waits for us, and not for the peer.
   */
  check(outbox: Outbox, isWaitedFor: boolean, isHeld = false): Verdict | undefined {
    const { clock, stallMs, idleMs = 0 } = this.#options;
    const now = clock.monotonic();
    if (this.#isStalled(outbox) && (outbox.isBroken || !isHeld)) {
      if (now - this.#takenAt >= stallMs()) return { isStalled: true };
    } else {
      this.#takenAt = now;
      this.#takenBytes = outbox.takenBytes;
    }
    if (this.#hasRead || !isWaitedFor) {
      this.#hasRead = false;
      this.#readAt = now;
    }
    if (this.#deadline && now >= this.#deadline.at) return this.#deadline;
    if (idleMs > 0 && now - this.#readAt >= idleMs) {
      const seconds = idleMs / 1000;
      const unit = seconds === 1 ? "second" : "seconds";
      return { sentence: `! You sent nothing for ${seconds} ${unit}. Goodbye.` };
    }
    return undefined;
  }

  #isStalled({ isBroken, isWriting, takenBytes }: Outbox): boolean {
    return isBroken || (isWriting && takenBytes === this.#takenBytes);
  }
}
