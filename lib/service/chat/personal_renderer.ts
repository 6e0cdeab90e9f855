/**
 * How one person is shown what happens in rooms: as they set it, without those whom they ignore,
 * and without what they have just done themselves.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import type { Renderer, Rendering } from "./renderer.ts";
import type { Viewer } from "./screen.ts";
import { defaultSettings, type Settings } from "./settings.ts";

export class PersonalRenderer {
  readonly settings: Settings = defaultSettings();
  readonly #renderer: Renderer;
  readonly #viewer: Viewer;
  readonly #origin: number;

  /** @param renderer Shared by all. */
  constructor(renderer: Renderer, viewer: Viewer) {
    this.#renderer = renderer;
    this.#viewer = viewer;
    this.#origin = viewer.origin;
  }

  /** Live events of one room. */
  render(events: readonly RoomEvent[], isCurrent: boolean): Uint8Array {
    const rendering = this.#view(events, isCurrent);
    const isAllShown = this.#viewer.ignored.size === 0 &&
      !this.#renderer.isByOrigin(events, this.#origin);
    return isAllShown ? rendering.bytes : rendering.bytesWithout((event) => this.#isHidden(event));
  }

  /** What was said before; one's own lines are part of that. */
  renderPast(events: readonly RoomEvent[], isCurrent: boolean): Uint8Array {
    const rendering = this.#view(events, isCurrent);
    return this.#viewer.ignored.size === 0
      ? rendering.bytes
      : rendering.bytesWithout((event) => this.#isIgnored(event));
  }

  /** Whether somebody else says the person's name in it. */
  isCall({ kind, origin, body, from }: RoomEvent, nickname: string): boolean {
    return (kind === "message" || kind === "action") && origin !== this.#origin &&
      body.toLowerCase().includes(nickname.toLowerCase()) &&
      !this.#viewer.ignored.has(nameKey(from));
  }

  #view(events: readonly RoomEvent[], isCurrent: boolean): Rendering {
    const { time, colour, width } = this.settings;
    return this.#renderer.render(events, { isCurrent, time, colour, width });
  }

  #isHidden(event: RoomEvent): boolean {
    if (event.origin !== this.#origin) return this.#isIgnored(event);
    // What one did oneself one has seen happen, but for topics, which are about the room.
    return event.kind === "message" || event.kind === "action"
      ? !this.settings.echo
      : event.kind !== "topic" && event.kind !== "gap";
  }

  #isIgnored(event: RoomEvent): boolean {
    return this.#viewer.ignored.size > 0 && this.#viewer.ignored.has(nameKey(event.from));
  }
}
