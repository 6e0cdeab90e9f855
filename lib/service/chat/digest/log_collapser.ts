/**
 * Collapses floods of log lines: the lines of a source that writes more than 50 a second become one,
 * `web1| ... 1,204 lines, #381-#1584`. All of them are in the log, where people can look them up.
 *
 * The result depends only on the events and their times, so that readers who are fed from the log
 * later see the same.
 *
 * @module
 */

import { HeldLosses } from "./held_losses.ts";
import type { RoomEvent } from "../../../domain/room_event.ts";

type Run = readonly RoomEvent[];

/** Lines of a source within {@linkcode WINDOW_MS} that are still shown one by one. */
const MAX_LINES = 50;
const WINDOW_MS = 1000;
/**
 * How long log lines are held back to see how many there will be, and how long once there are too
 * many. Losses are held back with them. Any other event is passed on at once, after the lines held
 * back.
 */
const GLANCE_MS = 250;
const FOLD_MS = 1000;
/** Lines of all sources together that are held to be shown one by one. */
const MAX_HELD = 200;
/** Sources whose rate is tracked at a time. */
const MAX_SOURCES = 1000;

/** The rate of a source. */
interface SourceRate {
  /** When the current window began, and the lines since then. */
  since: number;
  lines: number;
  /** Whether it was too fast in the previous window. */
  wasFast: boolean;
}

/** Lines that are shown as one. */
interface Fold {
  lines: number;
  readonly first: RoomEvent;
  last: RoomEvent;
  /** Set if the lines have several sources. */
  sources?: Set<string>;
}

/** Collapses the log lines of one room. */
export class LogCollapser {
  readonly #rates = new Map<string, SourceRate>();
  /** Lines held back to be passed on as they are, and folds by source. */
  #held: RoomEvent[] = [];
  #folds = new Map<string, Fold>();
  /** Lines of many sources that are too fast only together. */
  #crowd: Fold | undefined;
  readonly #losses = new HeldLosses();
  /** The time of the first line held back. */
  #heldSince = 0;

  /** Whether anything is held back. */
  get isHolding(): boolean {
    return this.#held.length > 0 || this.#folds.size > 0 || this.#crowd !== undefined;
  }

  /** How long to hold back, counted from the first line held back. */
  get holdMs(): number {
    return this.#folds.size > 0 || this.#crowd ? FOLD_MS : GLANCE_MS;
  }

  /** Takes events and returns those to pass on now; usually the same array. */
  push(events: Run): Run {
    if (!this.isHolding && !events.some(({ kind }) => kind === "log")) return events;
    const told: RoomEvent[] = [];
    let from: string | undefined;
    let rate: SourceRate | undefined;
    for (const event of events) {
      if (this.isHolding && this.#isDue(event)) told.push(...this.flush());
      if (event.kind !== "log") {
        if (this.isHolding && this.#losses.add(event)) continue;
        if (this.isHolding) told.push(...this.flush());
        told.push(event);
        continue;
      }
      if (!this.isHolding) this.#heldSince = event.at;
      if (!rate || event.from !== from) {
        from = event.from;
        rate = this.#rateOf(event);
      }
      if (event.at - rate.since >= WINDOW_MS) turn(rate, event.at);
      rate.lines++;
      this.#hold(event, rate);
    }
    return told;
  }

  /** Returns everything held back, to be passed on now. */
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

  /** A clock that is set back must not hold lines forever. */
  #isDue({ at }: RoomEvent): boolean {
    return at - this.#heldSince >= this.holdMs || at < this.#heldSince;
  }

  #hold(event: RoomEvent, rate: SourceRate): void {
    // A source stays folded until its fold is passed on, to keep its lines in order.
    const fold = this.#folds.size > 0 ? this.#folds.get(event.from) : undefined;
    if (fold) add(fold, event);
    else if (rate.wasFast || rate.lines > MAX_LINES) add(this.#foldHeld(event), event);
    else if (this.#crowd) add(this.#crowd, event);
    else if (this.#held.push(event) > MAX_HELD) this.#crowd = this.#gatherHeld();
  }

  /** Begins the fold of a source that has just become too fast, with its held lines. */
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

  #rateOf({ from, at }: RoomEvent): SourceRate {
    let rate = this.#rates.get(from);
    if (!rate) {
      if (this.#rates.size >= MAX_SOURCES) this.#rates.clear();
      this.#rates.set(from, rate = { since: at, lines: 0, wasFast: false });
    }
    return rate;
  }
}

/** Begins a new window. */
function turn(rate: SourceRate, at: number): void {
  rate.wasFast = rate.lines > MAX_LINES && at - rate.since < 2 * WINDOW_MS;
  rate.since = at;
  rate.lines = 0;
}

function add(fold: Fold, event: RoomEvent): void {
  fold.lines++;
  fold.last = event;
  if (fold.sources && fold.sources.size < MAX_SOURCES) fold.sources.add(event.from);
}

/** A fold as an event: the last line with another text. */
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
