/**
 * Rendering for many readers at once: a run of events is written and encoded once for each way of
 * showing it, and the bytes are shared by all who want it that way.
 *
 * @module
 */

import type { RoomEvent } from "../../domain/room_event.ts";
import { eventText, type View } from "./event_text.ts";

const encoder = new TextEncoder();

/** A run of events in one way of showing it. */
export class Rendering {
  readonly #events: readonly RoomEvent[];
  readonly #lines: readonly string[];
  #bytes: Uint8Array | undefined;

  constructor(events: readonly RoomEvent[], view: View) {
    this.#events = events;
    this.#lines = events.map((event) => eventText(event, view));
  }

  /** All of it. The array is shared; nobody may write to it. */
  get bytes(): Uint8Array {
    return this.#bytes ??= encoder.encode(this.#lines.join(""));
  }

  /** What is left without some of the events. */
  bytesWithout(isHidden: (event: RoomEvent) => boolean): Uint8Array {
    const shown = this.#lines.filter((_, index) => !isHidden(this.#events[index]));
    return shown.length === this.#lines.length ? this.bytes : encoder.encode(shown.join(""));
  }
}

/**
 * Remembers the renderings of the run asked for last: a fan-out asks for the same run, member
 * after member, before it comes to the next.
 */
export class Renderer {
  #events: readonly RoomEvent[] = [];
  #origins = new Set<number | undefined>();
  readonly #renderings = new Map<number, Rendering>();

  /** The run as `view` wants it. */
  render(events: readonly RoomEvent[], view: View): Rendering {
    this.#turnTo(events);
    const key = view.width * 8 + Number(view.isCurrent) * 4 + Number(view.time) * 2 +
      Number(view.colour);
    let rendering = this.#renderings.get(key);
    if (!rendering) this.#renderings.set(key, rendering = new Rendering(events, view));
    return rendering;
  }

  /** Whether a session caused any of the run. */
  isByOrigin(events: readonly RoomEvent[], origin: number): boolean {
    this.#turnTo(events);
    return this.#origins.has(origin);
  }

  #turnTo(events: readonly RoomEvent[]): void {
    if (events === this.#events) return;
    this.#events = events;
    this.#renderings.clear();
    this.#origins = new Set(events.map((event) => event.origin));
  }
}
