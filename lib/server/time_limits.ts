/**
 * What a session has to do by when: read, say something, give what it was asked for.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { Outbox } from "./outbox.ts";

export interface TimeLimitsOptions {
  readonly clock: Clock;
  /** Milliseconds after which a peer that takes nothing is cut off. */
  readonly stallMs: number;
  /** Milliseconds without a byte after which the peer is sent away; never if 0 or undefined. */
  readonly idleMs?: number;
}

/** What has run out: the patience with a peer that reads nothing, or else what the peer is told. */
export type Verdict = { readonly isStalled: true } | { readonly sentence: string };

/** Looked at about once a second, which is as exact as these limits are. */
export class TimeLimits {
  /** Whether anything was read since the last check. */
  hasRead = false;
  readonly #options: TimeLimitsOptions;
  /** When something had been read last. */
  #readAt: number;
  /** How much the peer had taken at the last check, and since when it has taken no more. */
  #takenBytes = 0;
  #takenAt: number;
  #deadline: { readonly at: number; readonly sentence: string } | undefined;

  constructor(options: TimeLimitsOptions) {
    this.#options = options;
    this.#readAt = this.#takenAt = options.clock.monotonic();
  }

  /** Asks for something within `ms` milliseconds; `sentence` is for a peer who is late. */
  setDeadline(ms: number, sentence: string): void {
    this.#deadline = { at: this.#options.clock.monotonic() + ms, sentence };
  }

  clearDeadline(): void {
    this.#deadline = undefined;
  }

  /** @param isWaitedFor Whether it is the peer's turn, and not ours, to say something. */
  check(outbox: Outbox, isWaitedFor: boolean): Verdict | undefined {
    const { clock, stallMs, idleMs = 0 } = this.#options;
    const now = clock.monotonic();
    if (this.#isStalled(outbox)) {
      if (now - this.#takenAt >= stallMs) return { isStalled: true };
    } else {
      this.#takenAt = now;
      this.#takenBytes = outbox.takenBytes;
    }
    if (this.hasRead || !isWaitedFor) {
      this.hasRead = false;
      this.#readAt = now;
    }
    if (this.#deadline && now >= this.#deadline.at) return this.#deadline;
    if (idleMs > 0 && now - this.#readAt >= idleMs) {
      const seconds = idleMs / 1000;
      const unit = seconds === 1 ? "second" : "seconds";
      return { sentence: `! Nothing came from you for ${seconds} ${unit}. Goodbye.` };
    }
    return undefined;
  }

  #isStalled({ isBroken, queuedBytes, takenBytes }: Outbox): boolean {
    return isBroken || (queuedBytes > 0 && takenBytes === this.#takenBytes);
  }
}
