/**
 * Renders rooms for one person: with their settings, without people they ignore, and without what
 * they have just done themselves.
 *
 * @module
 */

import { nameKey } from "../../../domain/name.ts";
import { isMessage, type RoomEvent } from "../../../domain/room_event.ts";
import { isMention } from "../../../domain/text/mention.ts";
import { startOfDay } from "../../../domain/wording.ts";
import { isIgnored, type Viewer } from "../screen.ts";
import type { Settings } from "../settings.ts";
import { eventText } from "../text/event_text.ts";
import { type Renderer, Rendering, viewOf } from "../text/renderer.ts";

export class PersonalRenderer {
  readonly #settings: { readonly current: Settings };
  readonly #renderer: Renderer;
  readonly #viewer: Viewer;
  readonly #origin: number;
  /** When the day of the last event shown began, in milliseconds since 1970. */
  #day: number;
  /** The same for the latest rendering, if times are shown. Not the event: see `noteShown()`. */
  #latestDay = 0;

  /**
   * @param renderer Shared by all people.
   * @param now When the person connected, in milliseconds since 1970.
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

  /** Renders live events of one room. */
  render(events: readonly RoomEvent[], isCurrent: boolean): Uint8Array {
    const rendering = this.#view(events, isCurrent);
    const isAllShown = this.#viewer.ignored.size === 0 &&
      !this.#renderer.isByOrigin(events, this.#origin);
    if (isAllShown) return this.#all(rendering);
    return this.#allBut(rendering, (event) => this.#isHidden(event));
  }

  /**
   * Notes that the latest rendering has been shown. For most people it does nothing: a reference
   * from each of a crowd to each new event would be work for the garbage collector.
   */
  noteShown(): void {
    if (this.#settings.current.time) this.#day = this.#latestDay;
  }

  /** Renders past events, the person's own included. */
  renderPast(events: readonly RoomEvent[], isCurrent: boolean): Uint8Array {
    const rendering = this.#view(events, isCurrent);
    return this.#viewer.ignored.size === 0
      ? this.#all(rendering)
      : this.#allBut(rendering, (event) => this.#isIgnored(event));
  }

  /** A past event of the current room as rows of a window; none if the person ignores it. */
  rowsOf(event: RoomEvent, columns: number): readonly string[] {
    if (this.#isIgnored(event)) return [];
    const settings = this.#settings.current;
    const width = Math.min(settings.width || columns, columns);
    const view = viewOf({ ...settings, width, reader: false }, true, false);
    const text = eventText(event, {
      ...view,
      name: this.#viewer.nickname,
      words: settings.words,
    });
    return text.trimEnd().split("\r\n");
  }

  /** Whether the person's name, or a word that they watch for, is in what others say or log. */
  isCall(events: readonly RoomEvent[]): boolean {
    const { nickname } = this.#viewer;
    const { words } = this.#settings.current;
    const mayCall = this.#renderer.mayMention(events, nickname) ||
      this.#renderer.mayHold(events, words);
    return mayCall &&
      events.some((event) =>
        this.#isByOthers(event) && (isMention(event, nickname) || words.areIn(event))
      );
  }

  /** How many of the events others have said or logged. */
  countTalk(events: readonly RoomEvent[]): number {
    return events.filter((event) =>
      (event.kind === "log" || isMessage(event)) && this.#isByOthers(event)
    ).length;
  }

  /** Whether others say something in one of the events. */
  isTalk(events: readonly RoomEvent[]): boolean {
    return events.some((event) => isMessage(event) && this.#isByOthers(event));
  }

  /** The reactions of others to what the person said. */
  reactionsToOwn(events: readonly RoomEvent[]): readonly RoomEvent[] {
    const reactions = this.#renderer.reactionsIn(events);
    if (reactions.length === 0) return reactions;
    const key = nameKey(this.#viewer.nickname);
    return reactions.filter((event) =>
      event.kind === "react" && event.about && nameKey(event.about.from) === key &&
      nameKey(event.from) !== key && this.#isByOthers(event)
    );
  }

  #view(events: readonly RoomEvent[], isCurrent: boolean): Rendering {
    const settings = this.#settings.current;
    const startsDay = settings.time && startOfDay(events[0].at) !== this.#day;
    if (!settings.colour || !this.isCall(events)) {
      return this.#renderer.render(events, settings, isCurrent, startsDay);
    }
    const view = viewOf(settings, isCurrent, startsDay);
    return new Rendering(events, {
      ...view,
      name: this.#viewer.nickname,
      words: settings.words,
    });
  }

  #all(rendering: Rendering): Uint8Array {
    this.#noteLatest(rendering.events.at(-1));
    return rendering.bytes;
  }

  #allBut(rendering: Rendering, isHidden: (event: RoomEvent) => boolean): Uint8Array {
    this.#noteLatest(rendering.events.findLast((event) => !isHidden(event)));
    return rendering.bytesWithout(isHidden);
  }

  /** @param latest The last visible event; `undefined` if all are hidden. */
  #noteLatest(latest: RoomEvent | undefined): void {
    if (this.#settings.current.time) this.#latestDay = latest ? startOfDay(latest.at) : this.#day;
  }

  #isHidden(event: RoomEvent): boolean {
    if (event.origin !== this.#origin) return this.#isIgnored(event);
    // People see their own actions as they happen, except topics, redactions and gaps.
    return isMessage(event)
      ? !this.#settings.current.echo
      : !["topic", "redaction", "gap", "pin", "unpin"].includes(event.kind);
  }

  /** Whether it comes from somebody else whom the person does not ignore. */
  #isByOthers(event: RoomEvent): boolean {
    return event.origin !== this.#origin && !this.#isIgnored(event);
  }

  #isIgnored(event: RoomEvent): boolean {
    return isIgnored(event, this.#viewer.ignored);
  }
}
