/**
 * Keeps rooms within their limits: every few seconds it removes expired events in small steps,
 * records that as one `gap` in each room, and returns the freed space to the system.
 *
 * @module
 */

import { type Clock, systemClock } from "../../clock.ts";
import { log as diagnostics } from "../../log.ts";
import type { Sequencer } from "../sequencer.ts";
import { type RetentionRules, type RoomExtent, type SweepableLog, sweepGoal } from "./retention.ts";
import { retentionGap } from "./retention_gap.ts";
import { SweepRounds } from "./sweep_rounds.ts";

export interface SweeperOptions {
  readonly log: SweepableLog;
  /** Takes the gaps. */
  readonly sequencer: Sequencer;
  readonly rules: RetentionRules;
  /** @default {systemClock} */
  readonly clock?: Clock;
}

export class Sweeper implements AsyncDisposable {
  readonly #log: SweepableLog;
  readonly #sequencer: Sequencer;
  readonly #rules: RetentionRules;
  readonly #clock: Clock;
  readonly #rounds: SweepRounds;

  /** Starts at once. */
  constructor({ log, sequencer, rules, clock = systemClock }: SweeperOptions) {
    this.#log = log;
    this.#sequencer = sequencer;
    this.#rules = rules;
    this.#clock = clock;
    this.#rounds = new SweepRounds({
      log,
      clock,
      sweepRoom: (extent) => this.#sweepRoom(extent),
      // With no limits left, one round finishes sweeps that an earlier run began.
      isDone: () => !rules.areAny,
    });
  }

  /** Stops after the current step; resolves once that is done. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rounds[Symbol.asyncDispose]();
  }

  async #sweepRoom(extent: RoomExtent): Promise<void> {
    const goal = sweepGoal(extent, this.#rules.of(extent.room), this.#clock.now());
    if (goal) await this.#rounds.inSteps(() => this.#log.sweep(extent.id, goal));
    // An earlier run of the program may have stopped before it recorded its last removals.
    if ((goal || extent.untold) && !this.#rounds.isStopping) await this.#recordRemovals(extent.id);
  }

  /** Records everything removed since the last gap as a new one. */
  async #recordRemovals(id: number): Promise<void> {
    const [{ room, untold }] = await this.#log.extents(id - 1, 1);
    if (!untold) return;
    const gap = retentionGap(room, untold, this.#rules.of(room));
    this.#sequencer.submit(gap);
    await this.#sequencer.settled();
    const [{ untold: left }] = await this.#log.extents(id - 1, 1);
    if (left) throw new Error(`the gap in #${room} could not be stored`);
    diagnostics("retention").info(`#${room}: ${gap.body}`);
  }
}
