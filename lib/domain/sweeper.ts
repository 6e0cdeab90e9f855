/**
 * Keeps rooms within their limits: every few seconds it removes expired events in small steps,
 * records that as one `gap` in each room, and returns the freed space to the system.
 *
 * @module
 */

import { type Clock, systemClock } from "../clock.ts";
import { log as diagnostics } from "../log.ts";
import { type RetentionRules, type RoomExtent, type SweepableLog, sweepGoal } from "./retention.ts";
import { retentionGap } from "./retention_gap.ts";
import { Rounds } from "./rounds.ts";
import type { Sequencer } from "./sequencer.ts";

/** Milliseconds between rounds. Until the next one, a room may exceed its size. */
const INTERVAL_MS = 10_000;
/** Milliseconds for other work after each step. */
const PAUSE_MS = 10;
/** Rooms looked at in one step. */
const ROOMS_AT_ONCE = 100;

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
  readonly #rounds: Rounds;

  /** Starts at once. */
  constructor({ log, sequencer, rules, clock = systemClock }: SweeperOptions) {
    this.#log = log;
    this.#sequencer = sequencer;
    this.#rules = rules;
    this.#clock = clock;
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
    try {
      for (let last = 0, isLast = false; !isLast && !this.#rounds.isStopping;) {
        const extents = await this.#log.extents(last, ROOMS_AT_ONCE);
        for (const extent of extents) await this.#sweepRoom(extent);
        isLast = extents.length < ROOMS_AT_ONCE;
        last = extents.at(-1)?.id ?? last;
        if (!isLast) await this.#rounds.pause(PAUSE_MS);
      }
    } finally {
      // Even after a failure: space freed in one room may be what another one needs.
      await this.#inSteps(() => this.#log.shrink());
    }
    // With no limits left, one round finishes sweeps that an earlier run began.
    return !this.#rules.areAny;
  }

  async #sweepRoom(extent: RoomExtent): Promise<void> {
    const goal = sweepGoal(extent, this.#rules.of(extent.room), this.#clock.now());
    if (goal) await this.#inSteps(() => this.#log.sweep(extent.id, goal));
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

  async #inSteps(step: () => Promise<boolean>): Promise<void> {
    while (!this.#rounds.isStopping && await step()) await this.#rounds.pause(PAUSE_MS);
  }
}
