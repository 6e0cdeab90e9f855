/**
 * How one looks at a list of messages, a room's or a conversation's: what is unfolded, what is
 * filtered, what one is about to say. The messages themselves are the client's.
 *
 * @module
 */

import { EventFactsCache } from "./event_facts.ts";
import type { Hole } from "./hole.ts";
import { Pager, type PagerOptions } from "./pager.ts";
import type { FoldRow, Note, Row } from "./row.ts";
import { buildRows } from "./rows.ts";
import { type Span, Timeline } from "./timeline.ts";
import { countOf } from "./time_text.ts";
import type { UnsentLine } from "./unsent.ts";

export interface MessageViewOptions {
  readonly history: PagerOptions["history"];
  onChange(): void;
}

/** A place to go to in the list. */
export interface Reveal {
  readonly seq: number;
  /** Another one for each wish, though it may be for the same place. */
  readonly wish: number;
}

/** A part of the room's time, and nothing else. */
export interface ViewFilter {
  readonly span: Span;
  readonly since: string;
  readonly until: string;
}

/** Notes kept; the oldest go. */
const KEPT_NOTES = 50;

export class MessageView {
  /** The room, or the person. */
  readonly title: string;
  /** What is being written. */
  draft = "";
  /** What was written, the newest last. */
  readonly said: string[] = [];
  /** The event that the address points at. */
  target: number | undefined;
  reveal: Reveal | undefined;
  filter: ViewFilter | undefined;
  /** Where the mark of what is new stands: after that number. */
  readTo: number | undefined;
  /** Whether the end of the list is on the screen. */
  isAtBottom = true;
  readonly #live: Pager;
  #filtered: Pager | undefined;
  readonly #options: MessageViewOptions;
  readonly #unfolded = new Set<number>();
  #notes: readonly Note[] = [];
  #crowd: { readonly joined: number; readonly left: number; readonly note: Note } | undefined;
  #count = 0;
  #inputs: readonly unknown[] = [];
  #rows: readonly Row[] = [];
  readonly #facts = new EventFactsCache();

  constructor(title: string, timeline: Timeline, options: MessageViewOptions) {
    this.title = title;
    this.#options = options;
    this.#live = this.#pagerFor(timeline);
  }

  /** What is looked at: all, or what the filter leaves. */
  get pager(): Pager {
    return this.#filtered ?? this.#live;
  }

  get timeline(): Timeline {
    return this.pager.timeline;
  }

  /** The same array as long as nothing changes. */
  rows(name: string, unsent: readonly UnsentLine[]): readonly Row[] {
    const { timeline, readTo } = this;
    const { events, holes, isAtStart, isAtEnd } = timeline;
    const isLive = isAtEnd && !this.filter;
    // Unsent lines change in place.
    const states = unsent.map(({ ref, state }) => ref + state).join();
    const inputs = [
      events,
      holes,
      isAtStart,
      isLive,
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
        holes,
        isAtStart: isAtStart && !this.filter,
        name,
        unfolded: this.#unfolded,
        readTo,
        notes: isLive ? this.#notes : [],
        unsent: isLive ? unsent : [],
        facts: this.#facts,
      });
    }
    return this.#rows;
  }

  /** Shows words that are for oneself alone; those of the same `group` stand together. */
  note(text: string, { isError = false, group }: { isError?: boolean; group?: unknown } = {}) {
    const last = this.#notes.at(-1);
    const lines = text.split("\n");
    if (last && group !== undefined && last.group === group && last.isError === isError) {
      this.#notes = [...this.#notes.slice(0, -1), { ...last, lines: [...last.lines, ...lines] }];
      return;
    }
    const after = this.#live.timeline.lastSeq;
    const note = { id: ++this.#count, after, isError, lines, group };
    this.#notes = [...this.#notes, note].slice(-KEPT_NOTES);
  }

  /** Says that many came and went; once, for as long as nothing else happens. */
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

  /** Unfolds a run of log lines, or folds it. */
  toggleFold({ isOpen, firstSeq, throughSeq, hole }: FoldRow): void {
    if (!isOpen && hole) void this.fill(hole);
    for (const seq of this.#unfolded) {
      if (seq >= firstSeq && seq <= throughSeq) this.#unfolded.delete(seq);
    }
    if (!isOpen) this.#unfolded.add(firstSeq);
    this.#count++;
    this.#options.onChange();
  }

  /** Loads log lines that came too fast to be sent. */
  async fill(hole: Hole): Promise<void> {
    await this.pager.fill(hole);
  }

  /** Goes to an event, and marks it. */
  async goTo(seq: number): Promise<void> {
    if (this.filter && !(seq > this.filter.span.after && seq < this.filter.span.before)) {
      this.clearFilter();
    }
    this.target = seq;
    await this.pager.around(seq);
    this.#unfolded.add(seq);
    this.#count++;
    this.#show(seq);
  }

  /** One has turned away, and will come back to the end. */
  forgetPlace(): void {
    this.target = undefined;
    this.reveal = undefined;
  }

  async goToNewest(): Promise<void> {
    this.target = undefined;
    await this.pager.newest();
    this.#show(Infinity);
  }

  /** Shows only a part of the room. */
  setFilter(filter: ViewFilter): void {
    const { span } = filter;
    this.filter = filter;
    const { lastSeq } = this.#live.timeline;
    const last = Math.min(span.before - 1, lastSeq);
    this.#filtered = this.#pagerFor(new Timeline(last, { after: span.after, before: last + 1 }));
    this.#show(Infinity);
  }

  clearFilter(): void {
    this.filter = undefined;
    this.#filtered = undefined;
    this.#show(this.target ?? Infinity);
  }

  #show(seq: number): void {
    this.reveal = { seq, wish: (this.reveal?.wish ?? 0) + 1 };
    this.#options.onChange();
  }

  #pagerFor(timeline: Timeline): Pager {
    const { history, onChange } = this.#options;
    return new Pager({ room: this.title, timeline, history, onChange });
  }
}
