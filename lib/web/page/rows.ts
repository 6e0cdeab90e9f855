/**
 * Builds the rows of the message list from a room's events: with dates in between, consecutive
 * messages of one sender grouped, and long runs of log lines between them folded.
 *
 * @module
 */

import type { EventJson } from "../protocol.ts";
import { type EventFacts, EventFactsCache } from "./event_facts.ts";
import type { Hole } from "./hole.ts";
import { foldLog, type LogItem, MAX_UNBOUNDED } from "./log_fold.ts";
import type { MessageRow, Note, Row } from "./row.ts";
import { dayKey } from "./time_text.ts";
import type { UnsentLine } from "./unsent.ts";
import { isMessage } from "../../domain/room_event.ts";

/** After a pause of this length the sender is shown again. */
const PAUSE_MS = 5 * 60_000;

export interface RowsOptions {
  readonly events: readonly EventJson[];
  /** Log lines among the events that are not loaded. */
  readonly holes?: readonly Hole[];
  /** The user's name. */
  readonly name: string;
  /** Numbers of log lines whose folds are open. */
  readonly unfolded: ReadonlySet<number>;
  /** Log lines from this number on are not folded. */
  readonly keepFrom?: number;
  /** Whether the first event is the first of the room. */
  readonly isAtStart: boolean;
  /** Whether the last event is the last of the room. */
  readonly isAtEnd?: boolean;
  /** Number of the event before the "New" marker; absent if there is no marker. */
  readonly readTo?: number;
  /** Ordered by {@linkcode Note.after}. */
  readonly notes: readonly Note[];
  readonly unsent: readonly UnsentLine[];
  /** Pass the same cache each time. */
  readonly facts?: EventFactsCache;
}

/** Builds the rows, oldest first. */
export function buildRows(options: RowsOptions): Row[] {
  return new RowBuilder(options).build();
}

class RowBuilder {
  readonly #rows: Row[] = [];
  readonly #options: RowsOptions;
  readonly #facts: EventFactsCache;
  readonly #items: readonly Item[];
  /** Indices of the first and the last thing that a person said; -1 if nobody said anything. */
  readonly #firstTalk: number;
  readonly #lastTalk: number;
  #notes: readonly Note[];
  #day = "";
  #previous: EventJson | undefined;
  #isNewMarked: boolean;

  constructor(options: RowsOptions) {
    this.#options = options;
    this.#facts = options.facts ?? new EventFactsCache();
    this.#items = itemsOf(options);
    this.#firstTalk = this.#items.findIndex(isMessageItem);
    this.#lastTalk = this.#items.findLastIndex(isMessageItem);
    this.#notes = options.notes;
    this.#isNewMarked = options.readTo === undefined;
  }

  build(): Row[] {
    const { isAtStart, unsent } = this.#options;
    if (isAtStart) this.#rows.push({ kind: "start", key: "start", firstSeq: 0, lastSeq: 0 });
    for (let at = 0; at < this.#items.length;) at = this.#add(at);
    this.#addNotes(Infinity);
    for (const line of unsent) {
      this.#rows.push({
        kind: "unsent",
        key: line.ref,
        firstSeq: Infinity,
        lastSeq: Infinity,
        line,
      });
    }
    return this.#rows;
  }

  /** Adds the run of items that starts at index `at`; returns the index after it. */
  #add(at: number): number {
    const item = this.#items[at];
    this.#addNotes(item.seq);
    this.#addDay(item);
    this.#addNewMarker(item);
    const end = this.#endOfRun(at);
    const run = this.#items.slice(at, end);
    if (item.run === "log") this.#addLog(run, this.#isFoldable(at, end));
    else if (item.run === "presence") this.#addPresence(run);
    else this.#addMessage(item.event!);
    return end;
  }

  #addDay({ seq, at, day }: Item): void {
    if (day === this.#day) return;
    this.#day = day;
    this.#push({ kind: "day", key: `d${seq}`, firstSeq: seq, lastSeq: seq - 1, at });
  }

  #addNewMarker({ seq }: Item): void {
    if (this.#isNewMarked || seq <= this.#options.readTo!) return;
    this.#isNewMarked = true;
    this.#push({ kind: "newMarker", key: "newMarker", firstSeq: seq, lastSeq: seq - 1 });
  }

  /** Index after the run of log lines, or of joins and parts, that starts at `at`. */
  #endOfRun(at: number): number {
    const { run } = this.#items[at];
    let end = at + 1;
    if (run === undefined) return end;
    while (end < this.#items.length && this.#continuesRun(this.#items[end], run)) end++;
    return end;
  }

  /** Whether an item belongs to the current run, with no other row in between. */
  #continuesRun({ run, seq, day }: Item, current: Item["run"]): boolean {
    const hasNote = this.#notes.length > 0 && this.#notes[0].after < seq;
    const isNew = !this.#isNewMarked && seq > this.#options.readTo!;
    return run === current && !hasNote && !isNew && day === this.#day;
  }

  /**
   * Whether the run of log lines between two indices may be folded: people talk before and after it.
   * A log in which nobody talks is not folded.
   */
  #isFoldable(start: number, end: number): boolean {
    const { isAtStart, isAtEnd = true } = this.#options;
    const talk = this.#firstTalk === -1 ? this.#items.length : this.#firstTalk;
    const isBegun = talk < start || (!isAtStart && talk <= MAX_UNBOUNDED);
    return isBegun && (isAtEnd || this.#lastTalk >= end);
  }

  #addLog(run: readonly LogItem[], isFoldable: boolean): void {
    const { unfolded, keepFrom = Infinity } = this.#options;
    for (const item of isFoldable ? foldLog(run, { unfolded, keepFrom }) : run) {
      if ("kind" in item) this.#push(item);
      else if (item.event) this.#addMessage(item.event);
      else if (item.hole) {
        const { hole, hole: { first, source } } = item;
        this.#push({
          kind: "hole",
          key: `h${first} ${source}`,
          firstSeq: first,
          lastSeq: first - 1,
          hole,
        });
      }
    }
  }

  #addPresence(run: readonly Item[]): void {
    const firstSeq = run[0].seq;
    const events = run.map(({ event }) => event!);
    const lastSeq = run[run.length - 1].seq;
    this.#push({ kind: "presence", key: `c${firstSeq}`, firstSeq, lastSeq, events });
  }

  #addMessage(event: EventJson): void {
    const row: MessageRow = {
      kind: "message",
      key: `m${event.seq}`,
      firstSeq: event.seq,
      lastSeq: event.seq,
      event,
      isFirst: !this.#isSameSender(event),
      isMention: this.#factsOf(event).isMention,
    };
    this.#push(row);
    this.#previous = event;
  }

  /** Whether the row above already shows the sender. */
  #isSameSender(event: EventJson): boolean {
    const previous = this.#previous;
    if (!previous || previous.kind !== event.kind) return false;
    if (event.kind !== "message" && event.kind !== "log") return false;
    const before = this.#factsOf(previous);
    const now = this.#factsOf(event);
    return before.fromKey === now.fromKey && now.at - before.at < PAUSE_MS;
  }

  #factsOf(event: EventJson): EventFacts {
    return this.#facts.of(event, this.#options.name);
  }

  #addNotes(before: number): void {
    while (this.#notes.length > 0 && this.#notes[0].after < before) {
      const [note, ...rest] = this.#notes;
      this.#notes = rest;
      const seq = note.after;
      this.#push({ kind: "note", key: `n${note.id}`, firstSeq: seq, lastSeq: seq, note });
    }
  }

  #push(row: Row): void {
    if (row.kind !== "message") this.#previous = undefined;
    this.#rows.push(row);
  }
}

/** An event or a hole. */
interface Item extends LogItem {
  readonly at: string;
  readonly day: string;
  /** The kind of run that it can be part of; absent if it always has a row of its own. */
  readonly run?: "log" | "presence";
}

function itemsOf(options: RowsOptions): Item[] {
  const { events, holes = [], name, facts = new EventFactsCache() } = options;
  const items = events.map((event): Item => {
    const { seq, at } = event;
    return { seq, at, day: facts.of(event, name).day, event, run: runOf(event) };
  });
  if (holes.length === 0) return items;
  const missing = holes.map((hole): Item => {
    const { first: seq, at } = hole;
    return { seq, at, day: dayKey(at), hole, run: "log" };
  });
  return [...items, ...missing].sort((one, other) => one.seq - other.seq);
}

function isMessageItem({ event }: Item): boolean {
  return event !== undefined && isMessage(event);
}

function runOf({ kind }: EventJson): Item["run"] {
  if (kind === "log") return "log";
  return kind === "join" || kind === "part" ? "presence" : undefined;
}
