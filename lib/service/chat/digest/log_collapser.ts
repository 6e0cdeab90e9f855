/**
 * Telling people of a flood of log lines without telling them each one: the lines of a source that
 * brings more than 50 in a second become one, `web1| ... 1,204 lines, #381-#1584`. They are all in
 * the log, and whoever wants to see one can.
 *
 * What is told depends on nothing but the events and their times, so that those who are told later,
 * from the log, are told in the same way.
 *
 * @module
 */

import { HeldLosses } from "./held_losses.ts";
import type { RoomEvent } from "../../../domain/room_event.ts";

type Run = readonly RoomEvent[];

/** Lines of a source within {@linkcode WINDOW_MS} that are still told one by one. */
const MOST_LINES = 50;
const WINDOW_MS = 1000;
/**
 * So long log lines are held back, to see how many there will be; and so long while there are too
 * many. Losses that come meanwhile are held back with them; nothing else is, and what came before it
 * is told before it.
 */
const GLANCE_MS = 250;
const FOLD_MS = 1000;
/** Lines of all sources together that are told one by one at a time. */
const MOST_HELD = 200;
/** Sources whose speed is known at a time. */
const MOST_SOURCES = 1000;

/** How fast a source is. */
interface Pace {
  /** When the window began, and how many lines came since. */
  since: number;
  lines: number;
  /** Whether it was too fast in the window before. */
  wasFast: boolean;
}

/** Lines that are told as one. */
interface Fold {
  lines: number;
  readonly first: RoomEvent;
  last: RoomEvent;
  /** Where the lines are of several sources. */
  sources?: Set<string>;
}

/** What becomes of the events of one room on their way to people. */
export class LogCollapser {
  readonly #paces = new Map<string, Pace>();
  /** What is held back: lines to be told as they are, and folds by source. */
  #held: RoomEvent[] = [];
  #folds = new Map<string, Fold>();
  /** Lines of many sources that are none of them too fast, but together are. */
  #crowd: Fold | undefined;
  readonly #losses = new HeldLosses();
  /** When the first line came that is held back. */
  #heldSince = 0;

  /** Whether anything is held back. */
  get isHolding(): boolean {
    return this.#held.length > 0 || this.#folds.size > 0 || this.#crowd !== undefined;
  }

  /** How long what is held back is to be held back, from when the first of it came. */
  get holdMs(): number {
    return this.#folds.size > 0 || this.#crowd ? FOLD_MS : GLANCE_MS;
  }

  /** Takes events, and returns what is to be told now: the same array in the usual case. */
  push(events: Run): Run {
    if (!this.isHolding && !events.some(({ kind }) => kind === "log")) return events;
    const told: RoomEvent[] = [];
    let from: string | undefined;
    let pace: Pace | undefined;
    for (const event of events) {
      if (this.isHolding && this.#isDue(event)) told.push(...this.flush());
      if (event.kind !== "log") {
        if (this.isHolding && this.#losses.add(event)) continue;
        if (this.isHolding) told.push(...this.flush());
        told.push(event);
        continue;
      }
      if (!this.isHolding) this.#heldSince = event.at;
      if (!pace || event.from !== from) {
        from = event.from;
        pace = this.#paceOf(event);
      }
      if (event.at - pace.since >= WINDOW_MS) turn(pace, event.at);
      pace.lines++;
      this.#hold(event, pace);
    }
    return told;
  }

  /** What is held back, to be told now. */
  flush(): Run {
    const told = this.#held;
    for (const fold of this.#folds.values()) told.push(toEvent(fold));
    if (this.#crowd) told.push(toEvent(this.#crowd));
    told.push(...this.#losses.take());
    if (told.length > 1) told.sort((a, b) => a.seq - b.seq);
    this.#held = [];
    this.#folds = new Map();
    this.#crowd = undefined;
    return told;
  }

  /** Clocks are set back, too. */
  #isDue({ at }: RoomEvent): boolean {
    return at - this.#heldSince >= this.holdMs || at < this.#heldSince;
  }

  #hold(event: RoomEvent, pace: Pace): void {
    // What has begun to be folded stays so until it is told, or there would be lines in between.
    const fold = this.#folds.size > 0 ? this.#folds.get(event.from) : undefined;
    if (fold) add(fold, event);
    else if (pace.wasFast || pace.lines > MOST_LINES) add(this.#foldHeld(event), event);
    else if (this.#crowd) add(this.#crowd, event);
    else if (this.#held.push(event) > MOST_HELD) this.#crowd = this.#gatherHeld();
  }

  /** Begins the fold of a source that has just become too fast, with its lines that are held. */
  #foldHeld(event: RoomEvent): Fold {
    const own = this.#held.filter(({ from }) => from === event.from);
    const [first = event] = own;
    const fold = { lines: own.length, first, last: first };
    this.#folds.set(event.from, fold);
    if (own.length > 0) this.#held = this.#held.filter(({ from }) => from !== event.from);
    return fold;
  }

  #gatherHeld(): Fold {
    const [first] = this.#held;
    const sources = new Set(this.#held.map(({ from }) => from));
    const fold = { lines: this.#held.length, first, last: this.#held.at(-1)!, sources };
    this.#held = [];
    return fold;
  }

  #paceOf({ from, at }: RoomEvent): Pace {
    let pace = this.#paces.get(from);
    if (!pace) {
      if (this.#paces.size >= MOST_SOURCES) this.#paces.clear();
      this.#paces.set(from, pace = { since: at, lines: 0, wasFast: false });
    }
    return pace;
  }
}

/** Begins a new window. */
function turn(pace: Pace, at: number): void {
  pace.wasFast = pace.lines > MOST_LINES && at - pace.since < 2 * WINDOW_MS;
  pace.since = at;
  pace.lines = 0;
}

function add(fold: Fold, event: RoomEvent): void {
  fold.lines++;
  fold.last = event;
  if (fold.sources && fold.sources.size < MOST_SOURCES) fold.sources.add(event.from);
}

/** A fold as an event: that of the last line, but for what it says. */
function toEvent({ lines, first, last, sources }: Fold): RoomEvent {
  if (lines === 1) return last;
  const count = lines.toLocaleString("en");
  return {
    ...last,
    from: sources && sources.size > 1 ? `${sources.size} sources` : last.from,
    body: `... ${count} lines, #${first.seq}-#${last.seq}`,
    fields: { folded: lines, first: first.seq, last: last.seq },
    origin: undefined,
  };
}
