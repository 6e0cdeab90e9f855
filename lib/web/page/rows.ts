/**
 * From a room's events to the rows of the list: days apart, what one person says in a go together,
 * long runs of log lines folded.
 *
 * @module
 */

import type { EventJson } from "../protocol.ts";
import { type EventFacts, EventFactsCache } from "./event_facts.ts";
import type { Hole } from "./hole.ts";
import { foldLog, type LogItem } from "./log_fold.ts";
import type { MessageRow, Note, Row } from "./row.ts";
import { dayKey } from "./time_text.ts";
import type { UnsentLine } from "./unsent.ts";

/** A name is said again after a pause of this length. */
const PAUSE_MS = 5 * 60_000;

export interface RowsOptions {
  readonly events: readonly EventJson[];
  /** Log lines among them that are not at hand. */
  readonly holes?: readonly Hole[];
  /** One's own. */
  readonly name: string;
  /** Numbers of log lines whose runs are unfolded. */
  readonly unfolded: ReadonlySet<number>;
  /** Whether the first event is the first there is. */
  readonly isAtStart: boolean;
  /** The number of the last event that was read, if the rest is to be marked. */
  readonly readTo?: number;
  /** In the order of {@linkcode Note.after}. */
  readonly notes: readonly Note[];
  readonly unsent: readonly UnsentLine[];
  /** Given again each time, it makes the next time quicker. */
  readonly facts?: EventFactsCache;
}

/** The rows, from the oldest to the newest. */
export function buildRows(options: RowsOptions): Row[] {
  return new RowBuilder(options).build();
}

class RowBuilder {
  readonly #rows: Row[] = [];
  readonly #options: RowsOptions;
  readonly #facts: EventFactsCache;
  readonly #items: readonly Item[];
  #notes: readonly Note[];
  #day = "";
  #previous: EventJson | undefined;
  #isNewsMarked: boolean;

  constructor(options: RowsOptions) {
    this.#options = options;
    this.#facts = options.facts ?? new EventFactsCache();
    this.#items = itemsOf(options);
    this.#notes = options.notes;
    this.#isNewsMarked = options.readTo === undefined;
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

  /** Adds what begins with item number `at`; returns where the next begins. */
  #add(at: number): number {
    const item = this.#items[at];
    this.#addNotes(item.seq);
    this.#addDay(item);
    this.#addNews(item);
    const end = this.#endOfRun(at);
    const run = this.#items.slice(at, end);
    if (item.run === "log") this.#addLog(run);
    else if (item.run === "comings") this.#addComings(run);
    else this.#addMessage(item.event!);
    return end;
  }

  #addDay({ seq, at, day }: Item): void {
    if (day === this.#day) return;
    this.#day = day;
    this.#push({ kind: "day", key: `d${seq}`, firstSeq: seq, lastSeq: seq - 1, at });
  }

  #addNews({ seq }: Item): void {
    if (this.#isNewsMarked || seq <= this.#options.readTo!) return;
    this.#isNewsMarked = true;
    this.#push({ kind: "news", key: "news", firstSeq: seq, lastSeq: seq - 1 });
  }

  /** Where the log lines, or the comings and goings, that begin at `at` end; one for all else. */
  #endOfRun(at: number): number {
    const { run } = this.#items[at];
    let end = at + 1;
    if (run === undefined) return end;
    while (end < this.#items.length && this.#goesIn(this.#items[end], run)) end++;
    return end;
  }

  /** Whether an item belongs to the run before it, and nothing stands in between. */
  #goesIn({ run, seq, day }: Item, current: Item["run"]): boolean {
    const hasNote = this.#notes.length > 0 && this.#notes[0].after < seq;
    const isNews = !this.#isNewsMarked && seq > this.#options.readTo!;
    return run === current && !hasNote && !isNews && day === this.#day;
  }

  #addLog(run: readonly LogItem[]): void {
    const { head, shown } = foldLog(run, this.#options.unfolded);
    if (head) this.#push(head);
    for (const { event, hole } of shown) {
      if (event) this.#addMessage(event);
      else if (hole) {
        const { first, last } = hole;
        this.#push({ kind: "hole", key: `h${first}`, firstSeq: first, lastSeq: last, hole });
      }
    }
  }

  #addComings(run: readonly Item[]): void {
    const firstSeq = run[0].seq;
    const events = run.map(({ event }) => event!);
    const lastSeq = run[run.length - 1].seq;
    this.#push({ kind: "comings", key: `c${firstSeq}`, firstSeq, lastSeq, events });
  }

  #addMessage(event: EventJson): void {
    const row: MessageRow = {
      kind: "message",
      key: `m${event.seq}`,
      firstSeq: event.seq,
      lastSeq: event.seq,
      event,
      isFirst: !this.#goesOn(event),
      isMention: this.#factsOf(event).isMention,
    };
    this.#push(row);
    this.#previous = event;
  }

  /** Whether the row above says already who this is. */
  #goesOn(event: EventJson): boolean {
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

/** An event or a hole, and what decides where it goes. */
interface Item extends LogItem {
  readonly at: string;
  readonly day: string;
  /** What it goes together with; absent for what stands alone. */
  readonly run?: "log" | "comings";
}

function itemsOf(options: RowsOptions): Item[] {
  const { events, holes = [], name, facts = new EventFactsCache() } = options;
  const items = events.map((event): Item => {
    const { seq, at } = event;
    return { seq, at, day: facts.of(event, name).day, event, run: runOf(event) };
  });
  if (holes.length === 0) return items;
  const missing = holes.map((hole): Item => {
    const { last: seq, at } = hole;
    return { seq, at, day: dayKey(at), hole, run: "log" };
  });
  return [...items, ...missing].sort((one, other) => one.seq - other.seq);
}

function runOf({ kind }: EventJson): Item["run"] {
  if (kind === "log") return "log";
  return kind === "join" || kind === "part" ? "comings" : undefined;
}
