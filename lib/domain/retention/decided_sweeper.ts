/**
 * Keeps the rooms of a cluster within their limits. One node decides what has expired, and records
 * that as a `gap`; when that has come back in the order of all events, every node removes exactly
 * what it covers.
 *
 * @module
 */

import { type Clock, systemClock } from "../../clock.ts";
import { log as diagnostics } from "../../log.ts";
import type { Sequencer } from "../sequencer.ts";
import {
  type DecidedSweepableLog,
  type Expiry,
  type RetentionRules,
  type RoomExtent,
  sweepGoal,
} from "./retention.ts";
import { retentionGap } from "./retention_gap.ts";
import { SweepRounds } from "./sweep_rounds.ts";

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
  readonly #rounds: SweepRounds;

  /** Starts at once. */
  constructor(options: DecidedSweeperOptions) {
    this.#options = options;
    const clock = this.#clock = options.clock ?? systemClock;
    this.#rounds = new SweepRounds({
      log: options.log,
      clock,
      sweepRoom: (extent) =>
        extent.isDue
          ? this.#rounds.inSteps(() => options.log.removeTold(extent.id))
          : this.#decide(extent),
      isDone: () => false,
    });
  }

  /** Stops after the current step; resolves once that is done. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rounds[Symbol.asyncDispose]();
  }

  async #decide(extent: RoomExtent): Promise<void> {
    const { log, rules, sequencer, isDecider } = this.#options;
    const limits = rules.of(extent.room);
    const goal = sweepGoal(extent, limits, this.#clock.now());
    if (!goal || !isDecider()) return;
    let expiry: Expiry | undefined;
    await this.#rounds.inSteps(async () => {
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
    await this.#rounds.inSteps(() => Promise.resolve(!isSettled));
    if (isSettled) await this.#rounds.inSteps(() => log.removeTold(extent.id));
  }
}
