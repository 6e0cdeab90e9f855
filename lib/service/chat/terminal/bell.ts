/**
 * The bell of a person's terminal, at what they want to hear it.
 *
 * @module
 */

import type { Clock } from "../../../clock.ts";
import type { EventRun } from "../../../domain/rooms/room_stream.ts";
import type { Settings } from "../settings.ts";
import type { PersonalRenderer } from "./personal_renderer.ts";

/** More often it would only be noise. */
const INTERVAL_MS = 1000;

export interface BellOptions {
  readonly settings: { readonly current: Pick<Settings, "bell"> };
  readonly renderer: Pick<PersonalRenderer, "isCall" | "isTalk">;
  readonly clock: Clock;
  readonly sound: () => void;
}

export class Bell {
  readonly #options: BellOptions;
  #rangAt = -Infinity;

  constructor(options: BellOptions) {
    this.#options = options;
  }

  /** Rings at live events of any room, if the person wants that. */
  hear(events: EventRun): void {
    const { settings: { current: { bell } }, renderer } = this.#options;
    if (bell === "off") return;
    if (renderer.isCall(events) || bell === "all" && renderer.isTalk(events)) this.ring();
  }

  /** Rings unless it is off, or has just rung. */
  ring(): void {
    const { settings, clock, sound } = this.#options;
    const now = clock.monotonic();
    if (settings.current.bell === "off" || now - this.#rangAt < INTERVAL_MS) return;
    this.#rangAt = now;
    sound();
  }
}
