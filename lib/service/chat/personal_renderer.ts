/**
 * How one person is shown what happens in rooms: as they set it, without those whom they ignore,
 * and without what they have just done themselves.
 *
 * @module
 */

import type { RoomEvent } from "../../domain/room_event.ts";
import type { Renderer, Rendering } from "./renderer.ts";
import { isIgnored, type Viewer } from "./screen.ts";
import type { Settings } from "./settings.ts";
import { startOfDay } from "../../domain/wording.ts";

export class PersonalRenderer {
  readonly #settings: { readonly current: Settings };
  readonly #renderer: Renderer;
  readonly #viewer: Viewer;
  readonly #origin: number;
  /** The day of what was shown last, by when it began. */
  #day: number;
  /** The last event of what was rendered last that is not hidden; `undefined` where all are. */
  #latest: RoomEvent | undefined;

  /**
   * @param renderer Shared by all.
   * @param now When the person came.
   */
  constructor(
    renderer: Renderer,
    viewer: Viewer,
    settings: { readonly current: Settings },
    now: number,
  ) {
    this.#renderer = renderer;
    this.#settings = settings;
    this.#day = startOfDay(now);
    this.#viewer = viewer;
    this.#origin = viewer.origin;
  }

  /** Live events of one room. */
  render(events: readonly RoomEvent[], isCurrent: boolean): Uint8Array {
    const rendering = this.#view(events, isCurrent);
    const isAllShown = this.#viewer.ignored.size === 0 &&
      !this.#renderer.isByOrigin(events, this.#origin);
    if (isAllShown) return this.#all(rendering, events);
    return this.#allBut(rendering, events, (event) => this.#isHidden(event));
  }

  /** Hears that what was rendered last has been shown. */
  noteShown(): void {
    if (this.#settings.current.time && this.#latest) this.#day = startOfDay(this.#latest.at);
    this.#latest = undefined;
  }

  /** What was said before; one's own lines are part of that. */
  renderPast(events: readonly RoomEvent[], isCurrent: boolean): Uint8Array {
    const rendering = this.#view(events, isCurrent);
    return this.#viewer.ignored.size === 0
      ? this.#all(rendering, events)
      : this.#allBut(rendering, events, (event) => this.#isIgnored(event));
  }

  /** Whether somebody else says the person's name in it. */
  isCall(event: RoomEvent, nickname: string): boolean {
    const { kind, origin, body } = event;
    return (kind === "message" || kind === "action") && origin !== this.#origin &&
      body.toLowerCase().includes(nickname.toLowerCase()) && !this.#isIgnored(event);
  }

  #view(events: readonly RoomEvent[], isCurrent: boolean): Rendering {
    const { time, colour, width, reader: isSpoken } = this.#settings.current;
    const startsDay = time && startOfDay(events[0].at) !== this.#day;
    return this.#renderer.render(events, { isCurrent, time, colour, width, isSpoken, startsDay });
  }

  #all(rendering: Rendering, events: readonly RoomEvent[]): Uint8Array {
    this.#latest = events[events.length - 1];
    return rendering.bytes;
  }

  #allBut(
    rendering: Rendering,
    events: readonly RoomEvent[],
    isHidden: (event: RoomEvent) => boolean,
  ): Uint8Array {
    this.#latest = events.findLast((event) => !isHidden(event));
    return rendering.bytesWithout(isHidden);
  }

  #isHidden(event: RoomEvent): boolean {
    if (event.origin !== this.#origin) return this.#isIgnored(event);
    // What one did oneself one has seen happen, but for topics, which are about the room.
    return event.kind === "message" || event.kind === "action"
      ? !this.#settings.current.echo
      : event.kind !== "topic" && event.kind !== "gap";
  }

  #isIgnored(event: RoomEvent): boolean {
    return isIgnored(event, this.#viewer.ignored);
  }
}
