/**
 * Limits how often an alert is sent.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { RoomEvent } from "../domain/room_event.ts";
import { joinSightings, redactedSighting, type Sighting } from "./alert_rule.ts";

export interface AlertGateOptions {
  /** Minimum milliseconds between two sightings that are let through. */
  readonly everyMs: number;
  readonly clock: Clock;
}

/** Lets the first sighting through at once. Those that follow too soon are joined into one. */
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

  /** The sighting held back. */
  get held(): Sighting | undefined {
    return this.#held;
  }

  /** Lets a sighting through now, or later together with others. */
  see(sighting: Sighting): void {
    this.#held = joinSightings(this.#held, sighting);
    if (!this.#cancel) this.#open();
  }

  /** Applies redactions to the sighting held back. */
  redact(redactions: readonly RoomEvent[]): void {
    this.#held = this.#held && redactedSighting(this.#held, redactions);
  }

  /** Forgets the sighting held back. */
  drop(): void {
    this.#held = undefined;
  }

  /** Lets the held sighting through, and cancels the timer. */
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
