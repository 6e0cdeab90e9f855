/**
 * Keeps the rooms of a cluster within their limits. One node decides what has expired, and records
 * that as a `gap`; when that has come back in the order of all events, every node removes exactly
 * what it covers.
 *
 * @module
 */

import { type Clock, systemClock } from "../clock.ts";
import { log as diagnostics } from "../log.ts";
import {
  type DecidedSweepableLog,
  type Expiry,
  type RetentionRules,
  type RoomExtent,
  sweepGoal,
} from "./retention.ts";
import { retentionGap } from "./retention_gap.ts";
import { Rounds } from "./rounds.ts";
import type { Sequencer } from "./sequencer.ts";

/** Milliseconds between rounds. Until the next one, a room may exceed its size. */
const INTERVAL_MS = 10_000;
/** Milliseconds for other work after each step. */
const PAUSE_MS = 10;
/** Rooms looked at in one step. */
const ROOMS_AT_ONCE = 100;

export interface DecidedSweeperOptions {
  readonly log: DecidedSweepableLog;
  /** Takes the gaps. */
  readonly sequencer: Pick<Sequencer, "submit" | "settled">;
  readonly rules: RetentionRules;
  /** Whether this node decides what one node decides for all. */
  readonly isDecider: () => boolean;
  /** @default {systemClock} */
  readonly clock?: Clock;
}

export class DecidedSweeper implements AsyncDisposable {
  readonly #options: DecidedSweeperOptions;
  readonly #clock: Clock;
  readonly #rounds: Rounds;

  /** Starts at once. */
  constructor(options: DecidedSweeperOptions) {
    this.#options = options;
    const clock = this.#clock = options.clock ?? systemClock;
    this.#rounds = new Rounds({
      clock,
      intervalMs: INTERVAL_MS,
      round: () => this.#sweepRooms(),
      onFailure: (message) =>
        diagnostics("retention").warning(
          "Cannot remove expired events, will try again: {message}",
          { message },
        ),
    });
  }

  /** Stops after the current step; resolves once that is done. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rounds[Symbol.asyncDispose]();
  }

  async #sweepRooms(): Promise<boolean> {
    const { log } = this.#options;
    for (let last = 0, isLast = false; !isLast && !this.#rounds.isStopping;) {
      const extents = await log.extents(last, ROOMS_AT_ONCE);
      for (const extent of extents) {
        if (extent.isDue) await this.#inSteps(() => log.removeTold(extent.id));
        else await this.#decide(extent);
      }
      isLast = extents.length < ROOMS_AT_ONCE;
      last = extents.at(-1)?.id ?? last;
      if (!isLast) await this.#rounds.pause(PAUSE_MS);
    }
    await this.#inSteps(() => log.shrink());
    return false;
  }

  async #decide(extent: RoomExtent): Promise<void> {
    const { log, rules, sequencer, isDecider } = this.#options;
    const limits = rules.of(extent.room);
    const goal = sweepGoal(extent, limits, this.#clock.now());
    if (!goal || !isDecider()) return;
    let expiry: Expiry | undefined;
    await this.#inSteps(async () => {
      expiry = await log.expired(extent.id, goal, expiry);
      return expiry.isMore;
    });
    if (!expiry?.last || this.#rounds.isStopping) return;
    const { first, last, reasons } = expiry;
    const gap = retentionGap(extent.room, { first, last, reasons: [...reasons] }, limits);
    sequencer.submit(gap);
    diagnostics("retention").info(`#${extent.room}: ${gap.body}`);
    // Cut off, it takes long, and must not keep the program from stopping.
    let isSettled = false;
    void sequencer.settled().then(() => isSettled = true);
    while (!isSettled && !this.#rounds.isStopping) await this.#rounds.pause(PAUSE_MS);
    if (isSettled) await this.#inSteps(() => log.removeTold(extent.id));
  }

  async #inSteps(step: () => Promise<boolean>): Promise<void> {
    while (!this.#rounds.isStopping && await step()) await this.#rounds.pause(PAUSE_MS);
  }
}
