/**
 * Visits all rooms every few seconds to remove what has expired, in small steps, and returns the
 * freed space to the system.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import { log as diagnostics } from "../../log.ts";
import { Rounds } from "../rounds.ts";
import type { RoomExtent, SweepableLog } from "./retention.ts";

/** Milliseconds between rounds. Until the next one, a room may exceed its size. */
const INTERVAL_MS = 10_000;
/** Milliseconds for other work after each step. */
const PAUSE_MS = 10;
/** Rooms looked at in one step. */
const ROOMS_AT_ONCE = 100;

export interface SweepRoundsOptions {
  readonly log: Pick<SweepableLog, "extents" | "shrink">;
  readonly clock: Clock;
  /** Removes what has expired of one room. */
  readonly sweepRoom: (extent: RoomExtent) => Promise<void>;
  /** Whether the round that has just ended was the last one. */
  readonly isDone: () => boolean;
}

export class SweepRounds implements AsyncDisposable {
  readonly #options: SweepRoundsOptions;
  readonly #rounds: Rounds;

  /** Starts at once. */
  constructor(options: SweepRoundsOptions) {
    this.#options = options;
    this.#rounds = new Rounds({
      clock: options.clock,
      intervalMs: INTERVAL_MS,
      round: () => this.#sweepRooms(),
      onFailure: (message) =>
        diagnostics("retention").warning(
          "Cannot remove expired events, will try again: {message}",
          { message },
        ),
    });
  }

  /** Whether the work on a room should end after its current step. */
  get isStopping(): boolean {
    return this.#rounds.isStopping;
  }

  /** Repeats a step until it resolves to `false`, with time for other work after each. */
  async inSteps(step: () => Promise<boolean>): Promise<void> {
    while (!this.isStopping && await step()) await this.#rounds.pause(PAUSE_MS);
  }

  /** Stops after the current step; resolves once that is done. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rounds[Symbol.asyncDispose]();
  }

  async #sweepRooms(): Promise<boolean> {
    const { log, sweepRoom, isDone } = this.#options;
    try {
      for (let last = 0, isLast = false; !isLast && !this.isStopping;) {
        const extents = await log.extents(last, ROOMS_AT_ONCE);
        for (const extent of extents) await sweepRoom(extent);
        isLast = extents.length < ROOMS_AT_ONCE;
        last = extents.at(-1)?.id ?? last;
        if (!isLast) await this.#rounds.pause(PAUSE_MS);
      }
    } finally {
      // Even after a failure: space freed in one room may be what another one needs.
      await this.inSteps(() => log.shrink());
    }
    return isDone();
  }
}
