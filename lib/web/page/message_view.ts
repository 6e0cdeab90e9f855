/**
 * The view state of a room or conversation: unfolded log lines, the filter, the draft. The messages
 * themselves belong to the client.
 *
 * @module
 */

import { type Clock, systemClock } from "../../clock.ts";
import { EventFactsCache } from "./event_facts.ts";
import { FilterFollower, type FilterFollowerOptions } from "./filter_follower.ts";
import { FoldingState } from "./folding_state.ts";
import type { EventJson } from "../protocol.ts";
import { LogDetector } from "./log_detector.ts";
import { RateMeter } from "./rate_meter.ts";
import type { Hole } from "./hole.ts";
import { Pager, type PagerOptions } from "./pager.ts";
import type { FoldRow, Note, Row } from "./row.ts";
import { buildRows } from "./rows.ts";
import { type Span, Timeline } from "./timeline.ts";
import { countOf } from "./time_text.ts";
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

/** The only part of the room to show. */
export interface ViewFilter {
  readonly span: Span;
  readonly since: string;
  readonly until: string;
}

const MAX_NOTES = 50;

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
  filter: ViewFilter | undefined;
  /** What of the room to show, in the query language; `""` for all. */
  query = "";
  /** Number of the last event shown while the view is paused. */
  pausedAt: number | undefined;
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
  readonly #live: Pager;
  #filtered: Pager | undefined;
  #follower: FilterFollower | undefined;
  readonly #logs = new LogDetector();
  readonly #options: MessageViewOptions;
  readonly #folding = new FoldingState();
  #notes: readonly Note[] = [];
  #crowd: { readonly joined: number; readonly left: number; readonly note: Note } | undefined;
  #count = 0;
  #inputs: readonly unknown[] = [];
  #rows: readonly Row[] = [];
  readonly #facts = new EventFactsCache();
  /** While paused: the events, and those of them that are shown. */
  #unpaused: readonly EventJson[] | undefined;
  #paused: readonly EventJson[] = [];

  constructor(title: string, timeline: Timeline, options: MessageViewOptions) {
    this.title = title;
    this.#options = options;
    this.#live = this.#pagerFor(timeline);
  }

  /** The pager of the filtered part, or of the whole room. */
  get pager(): Pager {
    return this.#filtered ?? this.#live;
  }

  get timeline(): Timeline {
    return this.pager.timeline;
  }

  /** Whether only some of the room is shown. */
  get isFiltered(): boolean {
    return this.filter !== undefined || this.query !== "";
  }

  /** Whether the room is mostly log lines, or shown through a filter for such. */
  get isLog(): boolean {
    return this.query !== "" || this.#logs.isLog(this.#live.timeline.events);
  }

  /** Number of the room's last event. */
  get lastSeq(): number {
    return this.#live.timeline.lastSeq;
  }

  /** Of the events that were looked at, how many the filter has left out. */
  get hiddenCount(): number {
    const { after, before, events } = this.timeline;
    return before - after - 1 - events.length;
  }

  /** The rows to show. The same array until something changes. */
  rows(name: string, unsent: readonly UnsentLine[]): readonly Row[] {
    const { timeline, readTo } = this;
    const { holes, isAtStart, isAtEnd } = timeline;
    const isLive = isAtEnd && !this.filter;
    const events = this.#shownOf(timeline.events);
    // Filtered lines are not folded.
    const keepFrom = this.query === ""
      ? this.#folding.update(events, { isAtBottom: this.isAtBottom, isAtEnd })
      : 0;
    if (this.isAtBottom && this.pausedAt === undefined) this.newLines = 0;
    // Unsent lines change in place.
    const states = unsent.map(({ ref, state }) => ref + state).join();
    const inputs = [
      events,
      holes,
      isAtStart,
      isAtEnd,
      isLive,
      keepFrom,
      name,
      readTo,
      this.#notes,
      this.#count,
      states,
    ];
    if (inputs.some((input, at) => input !== this.#inputs[at])) {
      this.#inputs = inputs;
      this.#rows = buildRows({
        events,
        holes: holes.filter(({ first }) => first <= (this.pausedAt ?? Infinity)),
        isAtStart: isAtStart && !this.isFiltered,
        isAtEnd,
        keepFrom,
        name,
        unfolded: this.#folding.unfolded,
        // Before it, something unread may not be loaded.
        readTo: readTo !== undefined && readTo >= timeline.after ? readTo : undefined,
        notes: isLive ? this.#notes : [],
        unsent: isLive ? unsent : [],
        facts: this.#facts,
      });
    }
    return this.#rows;
  }

  /** Those of the events that are shown while the view is paused; the same array as before if so. */
  #shownOf(events: readonly EventJson[]): readonly EventJson[] {
    const { pausedAt } = this;
    if (pausedAt === undefined) return events;
    if (events !== this.#unpaused) {
      this.#unpaused = events;
      const shown = events.filter(({ seq }) => seq <= pausedAt);
      const last = this.#paused.length - 1;
      const isSame = shown.length === last + 1 && shown[0] === this.#paused[0] &&
        shown[last] === this.#paused[last];
      if (!isSame) this.#paused = shown;
    }
    return this.#paused;
  }

  /** Shows nothing new until {@linkcode goToNewest}. */
  pause(): void {
    this.pausedAt = this.lastSeq;
    this.newLines = 0;
    this.#paused = [];
    this.#unpaused = undefined;
    this.#options.onChange();
  }

  /** Shows only what a query finds; `""` for everything. */
  setQuery(query: string): void {
    if (query === this.query) return;
    this.query = query;
    this.pausedAt = undefined;
    this.#refilter();
    this.#show(Infinity);
  }

  /** Called when the room has new events. @param lines Number of log lines among them. */
  received(lines: number): void {
    const { clock = systemClock } = this.#options;
    if (lines > 0) this.rate.add(lines, clock.monotonic());
    this.newLines += lines;
    if (this.pausedAt === undefined) this.#follower?.poke();
  }

  /** Shows or hides the fields of a log line. */
  toggleFields(seq: number): void {
    if (!this.opened.delete(seq)) this.opened.add(seq);
    this.#options.onChange();
  }

  /** Adds a note that only this user sees; consecutive notes of the same `group` are joined. */
  note(text: string, { isError = false, group }: { isError?: boolean; group?: unknown } = {}) {
    const last = this.#notes.at(-1);
    const lines = text.split("\n");
    if (last && group !== undefined && last.group === group && last.isError === isError) {
      this.#notes = [...this.#notes.slice(0, -1), { ...last, lines: [...last.lines, ...lines] }];
      return;
    }
    const after = this.#live.timeline.lastSeq;
    const note = { id: ++this.#count, after, isError, lines, group };
    this.#notes = [...this.#notes, note].slice(-MAX_NOTES);
  }

  /** Notes how many people joined and left; adds to the last note if nothing happened since. */
  noteCrowd(joined: number, left: number): void {
    const last = this.#notes.at(-1);
    const crowd = { joined, left };
    if (last && last === this.#crowd?.note && last.after === this.#live.timeline.lastSeq) {
      crowd.joined += this.#crowd.joined;
      crowd.left += this.#crowd.left;
      this.#notes = this.#notes.slice(0, -1);
    }
    const parts = [
      crowd.joined > 0 ? `${countOf(crowd.joined, "person", "people")} joined` : "",
      crowd.left > 0 ? `${countOf(crowd.left, "person", "people")} left` : "",
    ];
    this.note(`${parts.filter((part) => part !== "").join(", ")}.`);
    this.#crowd = { ...crowd, note: this.#notes.at(-1)! };
  }

  dismiss(note: Note): void {
    this.#notes = this.#notes.filter((other) => other !== note);
    this.#options.onChange();
  }

  toggleFold(fold: FoldRow): void {
    if (!fold.isOpen && fold.hole) void this.fill(fold.hole);
    this.#folding.toggle(fold);
    this.#count++;
    this.#options.onChange();
  }

  /** Applies what some of `events` change in others, where only a part is shown. */
  amend(events: readonly EventJson[]): void {
    this.#filtered?.timeline.amend(events);
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
    this.pausedAt = undefined;
    this.setQuery("");
    this.target = seq;
    this.missing = undefined;
    await this.pager.around(seq);
    this.#folding.unfolded.add(seq);
    this.#count++;
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
    this.pausedAt = undefined;
    this.#follower?.poke();
    this.target = undefined;
    this.missing = undefined;
    await this.pager.newest();
    this.#show(Infinity);
  }

  setFilter(filter: ViewFilter): void {
    this.filter = filter;
    this.#refilter();
    this.#show(Infinity);
  }

  clearFilter(): void {
    this.filter = undefined;
    this.#refilter();
    this.#show(this.target ?? Infinity);
  }

  #refilter(): void {
    const { filter, query, lastSeq } = this;
    this.#follower?.stop();
    this.#follower = undefined;
    this.#filtered = undefined;
    if (filter) {
      const { span } = filter;
      const last = Math.min(span.before - 1, lastSeq);
      this.#filtered = this.#pagerFor(new Timeline(last, { after: span.after, before: last + 1 }));
    } else if (query !== "") {
      const timeline = new Timeline(lastSeq);
      this.#filtered = this.#pagerFor(timeline);
      const { history, clock = systemClock, onChange } = this.#options;
      const ask: FilterFollowerOptions["ask"] = (place) =>
        history({ room: this.title, query, ...place });
      this.#follower = new FilterFollower({ timeline, clock, ask, onChange });
    }
  }

  #show(seq: number): void {
    this.reveal = { seq, id: (this.reveal?.id ?? 0) + 1 };
    this.#options.onChange();
  }

  #pagerFor(timeline: Timeline): Pager {
    const { history, onChange } = this.#options;
    const { query } = this;
    return new Pager({
      room: this.title,
      timeline,
      history: query === "" ? history : (request) => history({ ...request, query }),
      onChange,
    });
  }
}
