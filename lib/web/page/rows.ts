/**
 * From a room's events to the rows of the list: days apart, what one person says in a go together,
 * long runs of log lines folded.
 *
 * @module
 */

import type { EventJson } from "../protocol.ts";
import { type EventFacts, EventFactsCache } from "./event_facts.ts";
import type { FoldRow, MessageRow, Note, Row } from "./row.ts";
import type { UnsentLine } from "./unsent.ts";

/** Log lines in a row that are folded. */
const FOLDED_FROM = 8;
/** How many of them are shown all the same: the last ones. */
const SHOWN_OF_FOLD = 3;
/** A name is said again after a pause of this length. */
const PAUSE_MS = 5 * 60_000;

export interface RowsOptions {
  readonly events: readonly EventJson[];
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
  #notes: readonly Note[];
  #day = "";
  #previous: EventJson | undefined;
  #isNewsMarked: boolean;

  constructor(options: RowsOptions) {
    this.#options = options;
    this.#facts = options.facts ?? new EventFactsCache();
    this.#notes = options.notes;
    this.#isNewsMarked = options.readTo === undefined;
  }

  build(): Row[] {
    const { events, isAtStart, unsent } = this.#options;
    if (isAtStart) this.#rows.push({ kind: "start", key: "start", firstSeq: 0, lastSeq: 0 });
    for (let at = 0; at < events.length;) at = this.#add(at);
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

  /** Adds what begins with event number `at` of the array; returns where the next begins. */
  #add(at: number): number {
    const { events, readTo } = this.#options;
    const event = events[at];
    this.#addNotes(event.seq);
    const { day } = this.#factsOf(event);
    if (day !== this.#day) {
      this.#day = day;
      this.#previous = undefined;
      this.#push({ kind: "day", key: `d${event.seq}`, ...at0(event), at: event.at });
    }
    if (!this.#isNewsMarked && event.seq > readTo!) {
      this.#isNewsMarked = true;
      this.#previous = undefined;
      this.#push({ kind: "news", key: "news", ...at0(event) });
    }
    const end = this.#endOfRun(at);
    const run = events.slice(at, end);
    if (isComing(event)) {
      const lastSeq = run[run.length - 1].seq;
      this.#push({
        kind: "comings",
        key: `c${event.seq}`,
        firstSeq: event.seq,
        lastSeq,
        events: run,
      });
    } else if (run.length >= FOLDED_FROM) this.#addFold(run);
    else for (const event of run) this.#addMessage(event);
    return end;
  }

  /** Where the log lines, or the comings and goings, that begin at `at` end; one for all else. */
  #endOfRun(at: number): number {
    const { events } = this.#options;
    const kind = runKind(events[at]);
    let end = at + 1;
    if (kind === undefined) return end;
    while (end < events.length && runKind(events[end]) === kind && !this.#isDivided(events[end])) {
      end++;
    }
    return end;
  }

  #isDivided(event: EventJson): boolean {
    const { readTo } = this.#options;
    const hasNote = this.#notes.length > 0 && this.#notes[0].after < event.seq;
    return hasNote || (!this.#isNewsMarked && event.seq > readTo!) ||
      this.#factsOf(event).day !== this.#day;
  }

  #addFold(run: readonly EventJson[]): void {
    const first = run[0];
    const last = run[run.length - 1];
    const isOpen = run.some(({ seq }) => this.#options.unfolded.has(seq));
    const shown = isOpen ? run : run.slice(-SHOWN_OF_FOLD);
    const fold: FoldRow = {
      kind: "fold",
      key: `f${first.seq}`,
      firstSeq: first.seq,
      // Each of the lines that are shown stands for itself.
      lastSeq: isOpen ? first.seq - 1 : shown[0].seq - 1,
      isOpen,
      count: run.length,
      hidden: run.length - shown.length,
      throughSeq: isOpen ? last.seq : run[run.length - shown.length - 1].seq,
      sources: [...new Set(run.map(({ from }) => from))],
      since: first.at,
      until: last.at,
    };
    this.#push(fold);
    this.#previous = undefined;
    for (const event of shown) this.#addMessage(event);
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

function at0({ seq }: EventJson): { firstSeq: number; lastSeq: number } {
  return { firstSeq: seq, lastSeq: seq - 1 };
}

function isComing({ kind }: EventJson): boolean {
  return kind === "join" || kind === "part";
}

function runKind(event: EventJson): "log" | "comings" | undefined {
  if (event.kind === "log") return "log";
  return isComing(event) ? "comings" : undefined;
}
