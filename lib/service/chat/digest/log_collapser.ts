/**
 * Collapses floods of log lines: of a source that writes more than 50 a second the first few are
 * shown as they come, and the others become one, `web1| ... 1,201 lines, #384-#1584`. All of them are
 * in the log, where people can look them up.
 *
 * The result depends only on the events and their times, so that readers who are fed from the log
 * later see the same.
 *
 * @module
 */

import { type Level, levelOf } from "../../../level.ts";
import type { CollapserOptions } from "./collapser_options.ts";
import { HeldLosses } from "./held_losses.ts";
import { LineFolds } from "./line_folds.ts";
import { redactionsAmong, withRedactions } from "../../../domain/redaction.ts";
import type { RoomEvent } from "../../../domain/room_event.ts";

type Run = readonly RoomEvent[];

/** Lines of a source within {@linkcode WINDOW_MS} that are still shown one by one. */
const MAX_LINES = 50;
const WINDOW_MS = 1000;
/**
 * How long log lines are held back to see how many there will be. Losses are held back with them.
 * Any other event is passed on at once, after the lines held back.
 */
const GLANCE_MS = 250;
/** Lines of all sources together that are held to be shown one by one. */
const MAX_HELD = 200;
/** Characters of grave lines that are shown one by one at a time. */
const MAX_GRAVE_CHARACTERS = 64 * 1024;
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

/** The lines shown at once in the current second. */
interface FirstLines {
  since: number;
  lines: number;
}

/** Collapses the log lines of one room. */
export class LogCollapser {
  readonly #options: CollapserOptions;
  readonly #rates = new Map<string, SourceRate>();
  readonly #first: FirstLines = { since: -Infinity, lines: 0 };
  /** Lines held back to be passed on as they are. */
  #held: RoomEvent[] = [];
  #grave: RoomEvent[] = [];
  readonly #graveCounts = new Map<Level, number>();
  #graveCharacters = 0;
  readonly #folds: LineFolds;
  readonly #losses = new HeldLosses();
  /** Whether there are too many lines of many sources that are slow. */
  #isCrowded = false;
  /** The time of the first line held back. */
  #heldSince = 0;

  constructor(options: CollapserOptions) {
    this.#options = options;
    this.#folds = new LineFolds(options);
  }

  /** Whether anything is held back. */
  get isHolding(): boolean {
    return this.#held.length > 0 || this.#grave.length > 0 || !this.#folds.isEmpty;
  }

  /** How long to hold lines back, counted from the first of them. */
  get holdMs(): number {
    return this.#folds.isEmpty ? GLANCE_MS : this.#options.foldMs;
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
      if (!rate || event.from !== from) {
        from = event.from;
        rate = this.#rateOf(event);
      }
      if (event.at - rate.since >= WINDOW_MS) turn(rate, event.at);
      rate.lines++;
      if (!this.isHolding) {
        if (this.#isFirst(event, rate)) {
          told.push(event);
          continue;
        }
        this.#heldSince = event.at;
      }
      if (!this.#holdGrave(event)) this.#hold(event, rate);
    }
    // A redaction ends what was held back before it, perhaps with the text it redacts.
    return withRedactions(told, redactionsAmong(told));
  }

  /** Returns everything held back, to be passed on now. */
  flush(): Run {
    const told = this.#held;
    for (const more of [this.#grave, this.#folds.take(), this.#losses.take()]) told.push(...more);
    if (told.length > 1) told.sort((a, b) => a.seq - b.seq);
    this.#held = [];
    this.#grave = [];
    this.#graveCounts.clear();
    this.#graveCharacters = 0;
    this.#isCrowded = false;
    return told;
  }

  /** A clock that is set back must not hold lines forever. */
  #isDue({ at }: RoomEvent): boolean {
    return at - this.#heldSince >= this.holdMs || at < this.#heldSince;
  }

  /** Whether a line is one of the first after some silence. */
  #isFirst({ at }: RoomEvent, rate: SourceRate): boolean {
    const first = this.#first;
    if (at - first.since >= WINDOW_MS || at < first.since) {
      first.since = at;
      first.lines = 0;
    }
    return !rate.wasFast && rate.lines <= this.#options.first &&
      ++first.lines <= this.#options.first;
  }

  /** Holds a line back that is not folded because it is grave; returns whether it is one. */
  #holdGrave(event: RoomEvent): boolean {
    const { grave, mostGrave } = this.#options;
    const level = grave.size > 0 ? levelOf(event.fields?.level) : undefined;
    if (level === undefined || !grave.has(level)) return false;
    const count = this.#graveCounts.get(level) ?? 0;
    const isTooMuch = this.#graveCharacters + event.body.length > MAX_GRAVE_CHARACTERS;
    if (count >= mostGrave || (isTooMuch && this.#grave.length > 0)) return false;
    this.#graveCharacters += event.body.length;
    this.#graveCounts.set(level, count + 1);
    this.#grave.push(event);
    return true;
  }

  #hold(event: RoomEvent, rate: SourceRate): void {
    // A source stays folded until its fold is passed on, to keep its lines in order.
    if (!this.#folds.isEmpty && this.#folds.has(event.from)) this.#folds.add(event);
    else if (rate.wasFast || rate.lines > MAX_LINES) this.#foldSource(event);
    else if (this.#isCrowded) this.#folds.add(event);
    else if (this.#held.push(event) > MAX_HELD) this.#foldHeld();
  }

  /** Begins the fold of a source that has just become too fast, with its held lines. */
  #foldSource(event: RoomEvent): void {
    this.#folds.open(event.from);
    const isOwn = ({ from }: RoomEvent) => from === event.from;
    for (const line of this.#held) if (isOwn(line)) this.#folds.add(line);
    this.#held = this.#held.filter((line) => !isOwn(line));
    this.#folds.add(event);
  }

  /** Folds all held lines, and those that follow. */
  #foldHeld(): void {
    this.#isCrowded = true;
    for (const line of this.#held) this.#folds.add(line);
    this.#held = [];
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
