/**
 * Keeps rooms within their limits: looks at them now and then, has what is due removed step by
 * step, tells each room by one `gap`, and has the space given back.
 *
 * @module
 */

import { type Clock, Pauses, systemClock } from "../clock.ts";
import { log as diagnostics } from "../log.ts";
import { type RetentionRules, type RoomExtent, sweepGoal } from "./retention.ts";
import { retentionGap } from "./retention_gap.ts";
import type { Sequencer } from "./sequencer.ts";
import type { SweepableLog } from "./sweepable_log.ts";

/** Between two rounds. A room may grow beyond its size by what it takes in meanwhile. */
const INTERVAL_MS = 10_000;
/** After each step the others have so much time. */
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

export class Sweeper {
  readonly #log: SweepableLog;
  readonly #sequencer: Sequencer;
  readonly #rules: RetentionRules;
  readonly #clock: Clock;
  readonly #pauses: Pauses;
  readonly #running: Promise<void>;
  #isStopping = false;
  #isFailing = false;

  /** Begins at once. */
  constructor({ log, sequencer, rules, clock = systemClock }: SweeperOptions) {
    this.#log = log;
    this.#sequencer = sequencer;
    this.#rules = rules;
    this.#clock = clock;
    this.#pauses = new Pauses(clock);
    this.#running = this.#run();
  }

  /** Begins no further step; resolves once the present one is done. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopping = true;
    this.#pauses.end();
    await this.#running;
  }

  async #run(): Promise<void> {
    do {
      try {
        await this.#sweepRooms();
      } catch (error) {
        this.#noteFailure(error as Error);
      }
      // Without any limits there is only to finish what was begun when there were some.
      if (!this.#rules.areAny && !this.#isFailing) return;
      await this.#pauses.take(INTERVAL_MS);
    } while (!this.#isStopping);
  }

  async #sweepRooms(): Promise<void> {
    try {
      for (let last = 0, isLast = false; !isLast && !this.#isStopping;) {
        const extents = await this.#log.extents(last, ROOMS_AT_ONCE);
        for (const extent of extents) await this.#sweepRoom(extent);
        isLast = extents.length < ROOMS_AT_ONCE;
        last = extents.at(-1)?.id ?? last;
        if (!isLast) await this.#pauses.take(PAUSE_MS);
      }
    } finally {
      // Even so: what one room could give may be what another one needs.
      await this.#inSteps(() => this.#log.shrink());
    }
    this.#isFailing = false;
  }

  async #sweepRoom(extent: RoomExtent): Promise<void> {
    const goal = sweepGoal(extent, this.#rules.of(extent.room), this.#clock.now());
    if (goal) await this.#inSteps(() => this.#log.sweep(extent.id, goal));
    // What an earlier run of the program removed last may not have been told either.
    if ((goal || extent.untold) && !this.#isStopping) await this.#tell(extent.id);
  }

  /** Leaves a gap for all that was removed since the last one. */
  async #tell(id: number): Promise<void> {
    const [{ room, untold }] = await this.#log.extents(id - 1, 1);
    if (!untold) return;
    const gap = retentionGap(room, untold, this.#rules.of(room));
    this.#sequencer.submit(gap);
    await this.#sequencer.settled();
    const [{ untold: left }] = await this.#log.extents(id - 1, 1);
    if (left) throw new Error(`#${room} could not be told that ${gap.body}`);
    diagnostics("retention").info(`#${room}: ${gap.body}`);
  }

  async #inSteps(step: () => Promise<boolean>): Promise<void> {
    while (!this.#isStopping && await step()) await this.#pauses.take(PAUSE_MS);
  }

  /** Says it once: a full disk fails every round until there is space again. */
  #noteFailure({ message }: Error): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    diagnostics("retention").warning(
      "Cannot remove what is past its limits, and will try again: {message}",
      { message },
    );
  }
}
