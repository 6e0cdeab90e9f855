/**
 * The view state of a room or conversation: unfolded log lines, the filter, the draft. The messages
 * themselves belong to the client.
 *
 * @module
 */

import { type Clock, systemClock } from "../../clock.ts";
import { FilteredRoom, type ViewFilter } from "./filtered_room.ts";
import { FoldingState } from "./folding_state.ts";
import type { EventJson } from "../protocol.ts";
import { LogDetector } from "./log_detector.ts";
import { type NoteOptions, Notes } from "./notes.ts";
import { Pause } from "./pause.ts";
import { RateMeter } from "./rate_meter.ts";
import type { Hole } from "./hole.ts";
import type { Pager, PagerOptions } from "./pager.ts";
import type { FoldRow, Note, Row } from "./row.ts";
import { RowCache } from "./row_cache.ts";
import type { Timeline } from "./timeline.ts";
import type { UnsentLine } from "./unsent.ts";

export interface MessageViewOptions {
  readonly history: PagerOptions["history"];
  /** Why an event is not among the messages, in a sentence. */
  explainMissing?(seq: number): Promise<string>;
  /** @default {systemClock} */
  readonly clock?: Clock;
  onChange(): void;
}

/** A request to scroll to an event. */
export interface Reveal {
  /** `Infinity` for the end of the list, 0 for its start. */
  readonly seq: number;
  /** Tells apart requests for the same event. */
  readonly id: number;
}

export class MessageView {
  /** Name of the room or person. */
  readonly title: string;
  draft = "";
  /** How often something else than typing has set the draft. */
  drafts = 0;
  /** The message that the draft answers. */
  answered: EventJson | undefined;
  /** Texts sent before, the newest last. */
  readonly inputHistory: string[] = [];
  /** The event that the address bar points at. */
  target: number | undefined;
  reveal: Reveal | undefined;
  /** Why the event that the address bar points at is not there. */
  missing: string | undefined;
  /** How many log lines have come since the list was paused, or its end was last visible. */
  newLines = 0;
  /** Numbers of log lines whose fields are shown. */
  readonly opened = new Set<number>();
  /** How fast log lines come. */
  readonly rate = new RateMeter();
  /** Number of the event before the "New" marker; absent if there is no marker. */
  readTo: number | undefined;
  /** How many messages were unread when the place was opened; 0 once the first has been seen. */
  unread = 0;
  /** Whether the first unread message is above what is visible, and has not been seen. */
  isUnreadAbove = false;
  /** Whether the end of the list is visible. */
  isAtBottom = true;
  readonly #clock: Clock;
  readonly #room: FilteredRoom;
  readonly #logs = new LogDetector();
  readonly #options: MessageViewOptions;
  readonly #folding = new FoldingState();
  readonly #notes = new Notes();
  readonly #pause = new Pause();
  readonly #rows = new RowCache();
  /** Counts changes of the folding. */
  #folds = 0;

  constructor(title: string, timeline: Timeline, options: MessageViewOptions) {
    this.title = title;
    this.#options = options;
    const { history, clock = systemClock, onChange } = options;
    this.#clock = clock;
    this.#room = new FilteredRoom({ room: title, timeline, history, clock, onChange });
  }

  /** The pager of the filtered part, or of the whole room. */
  get pager(): Pager {
    return this.#room.pager;
  }

  get timeline(): Timeline {
    return this.pager.timeline;
  }

  /** The only part of the room that is shown. */
  get filter(): ViewFilter | undefined {
    return this.#room.filter;
  }

  /** What of the room is shown, in the query language; `""` for all. */
  get query(): string {
    return this.#room.query;
  }

  /** Whether only some of the room is shown. */
  get isFiltered(): boolean {
    return this.#room.isFiltered;
  }

  /** Number of the last event shown while the view is paused. */
  get pausedAt(): number | undefined {
    return this.#pause.at;
  }

  /** Whether the room is mostly log lines, or shown through a filter for such. */
  get isLog(): boolean {
    return this.query !== "" || this.#logs.isLog(this.#room.live.timeline.events);
  }

  /** Number of the room's last event. */
  get lastSeq(): number {
    return this.#room.live.timeline.lastSeq;
  }

  /** Of the events that were looked at, how many the filter has left out. */
  get hiddenCount(): number {
    const { after, before, events } = this.timeline;
    return before - after - 1 - events.length;
  }

  /** The rows to show. The same array until something changes. */
  rows(name: string, unsent: readonly UnsentLine[]): readonly Row[] {
    const { timeline, readTo, isAtBottom, pausedAt = Infinity } = this;
    const { isAtEnd } = timeline;
    const events = this.#pause.shownOf(timeline.events);
    if (isAtBottom && pausedAt === Infinity) this.newLines = 0;
    return this.#rows.rows({
      timeline,
      events,
      shownTo: pausedAt,
      isLive: isAtEnd && !this.filter,
      isWhole: !this.isFiltered,
      // Filtered lines are not folded.
      keepFrom: this.query === "" ? this.#folding.update(events, { isAtBottom, isAtEnd }) : 0,
      name,
      readTo,
      notes: this.#notes.all,
      unsent,
      unfolded: this.#folding.unfolded,
      folds: this.#folds,
    });
  }

  /** Shows nothing new until {@linkcode goToNewest}. */
  pause(): void {
    this.#pause.begin(this.lastSeq);
    this.newLines = 0;
    this.#options.onChange();
  }

  /** Shows only what a query finds; `""` for everything. */
  setQuery(query: string): void {
    if (query === this.query) return;
    this.#pause.end();
    this.#room.show({ filter: this.filter, query });
    this.#show(Infinity);
  }

  /** Called when the room has new events. @param lines Number of log lines among them. */
  received(lines: number): void {
    if (lines > 0) this.rate.add(lines, this.#clock.monotonic());
    this.newLines += lines;
    if (this.pausedAt === undefined) this.#room.follow();
  }

  /** Shows or hides the fields of a log line. */
  toggleFields(seq: number): void {
    if (!this.opened.delete(seq)) this.opened.add(seq);
    this.#options.onChange();
  }

  /** Adds a note that only this user sees. */
  note(text: string, options?: NoteOptions): void {
    this.#notes.add(text, this.lastSeq, options);
  }

  /** Notes how many people joined and left. */
  noteCrowd(joined: number, left: number): void {
    this.#notes.addCrowd(joined, left, this.lastSeq);
  }

  dismiss(note: Note): void {
    this.#notes.dismiss(note);
    this.#options.onChange();
  }

  toggleFold(fold: FoldRow): void {
    if (!fold.isOpen && fold.hole) void this.fill(fold.hole);
    this.#folding.toggle(fold);
    this.#folds++;
    this.#options.onChange();
  }

  /** Applies what some of `events` change in others, where only a part is shown. */
  amend(events: readonly EventJson[]): void {
    if (this.isFiltered) this.timeline.amend(events);
  }

  /** Loads the first lines of a hole, and shows them. */
  async fill(hole: Hole): Promise<void> {
    this.#folding.unfolded.add(hole.first);
    await this.pager.fill(hole);
  }

  /** Loads an event if needed, scrolls to it and highlights it. Says so if it does not exist. */
  async goTo(seq: number): Promise<void> {
    if (this.filter && !(seq > this.filter.span.after && seq < this.filter.span.before)) {
      this.clearFilter();
    }
    this.#pause.end();
    this.setQuery("");
    this.target = seq;
    this.missing = undefined;
    await this.pager.around(seq);
    this.#folding.unfolded.add(seq);
    this.#folds++;
    const { events, lastSeq } = this.timeline;
    this.#show(seq > lastSeq ? Infinity : seq);
    if (this.pager.problem || events.some((event) => event.seq === seq)) return;
    const missing = await this.#options.explainMissing?.(seq);
    if (this.target === seq) this.missing = missing;
    this.#options.onChange();
  }

  /** Goes to the first unread message, if anything was unread. */
  async goToUnread(): Promise<void> {
    if (this.readTo !== undefined) await this.goNear(this.readTo + 1);
  }

  /** Loads the events around a number if needed, and scrolls there. */
  async goNear(seq: number): Promise<void> {
    if (this.filter) this.clearFilter();
    await this.pager.around(seq);
    this.#show(seq);
  }

  dismissMissing(): void {
    this.missing = undefined;
    this.#options.onChange();
  }

  /** Forgets the scroll target, because a place is always reopened at its end. */
  forgetTarget(): void {
    this.target = undefined;
    this.missing = undefined;
    this.reveal = undefined;
    this.#folding.reopened();
  }

  async goToOldest(): Promise<void> {
    await this.pager.oldest();
    this.#show(0);
  }

  async goToNewest(): Promise<void> {
    this.#pause.end();
    this.#room.follow();
    this.target = undefined;
    this.missing = undefined;
    await this.pager.newest();
    this.#show(Infinity);
  }

  setFilter(filter: ViewFilter): void {
    this.#room.show({ filter });
    this.#show(Infinity);
  }

  clearFilter(): void {
    this.#room.show({});
    this.#show(this.target ?? Infinity);
  }

  #show(seq: number): void {
    this.reveal = { seq, id: (this.reveal?.id ?? 0) + 1 };
    this.#options.onChange();
  }
}
