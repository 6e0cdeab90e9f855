/**
 * Lets an alert through now and then, however much there is to tell.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { joinSightings, type Sighting } from "./alert_rule.ts";

export interface AlertGateOptions {
  /** Milliseconds between two times. */
  readonly everyMs: number;
  readonly clock: Clock;
}

/** The first sighting goes through at once; those that follow too soon are counted into one. */
export class AlertGate {
  readonly #tell: (sighting: Sighting) => void;
  readonly #everyMs: number;
  readonly #clock: Clock;
  #held: Sighting | undefined;
  #cancel: (() => void) | undefined;

  constructor(tell: (sighting: Sighting) => void, { everyMs, clock }: AlertGateOptions) {
    this.#tell = tell;
    this.#everyMs = everyMs;
    this.#clock = clock;
  }

  /** What has to wait. */
  get held(): Sighting | undefined {
    return this.#held;
  }

  see(sighting: Sighting): void {
    this.#held = joinSightings(this.#held, sighting);
    if (!this.#cancel) this.#open();
  }

  /** Lets through what waits. */
  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#letThrough();
  }

  #open(): void {
    this.#cancel = undefined;
    if (!this.#letThrough()) return;
    this.#cancel = this.#clock.after(this.#everyMs, () => this.#open());
  }

  #letThrough(): boolean {
    const held = this.#held;
    this.#held = undefined;
    if (held) this.#tell(held);
    return held !== undefined;
  }
}
