/**
 * The part of a room's past that is at hand: one piece, which grows at either end. The only holes
 * in it are those that floods of log lines leave, and they are known.
 *
 * @module
 */

import type { EventJson, HistoryAnswer } from "../protocol.ts";
import { type Hole, holeOf, joinHoles, restOfHole } from "./hole.ts";

/** Everything said with `after < seq < before`, but for what {@linkcode Timeline.holes} names. */
export interface Span {
  readonly after: number;
  readonly before: number;
}

/** The whole room, and whatever comes. */
const EVERYTHING: Span = { after: 0, before: Infinity };

export class Timeline implements Span {
  /** What it never leaves: a room, or the part of it that was asked for. */
  readonly limits: Span;
  /** In the order of `seq`. Replaced when they change, never changed. */
  events: readonly EventJson[] = [];
  /** In the order of their numbers; replaced like the events. */
  holes: readonly Hole[] = [];
  after: number;
  before: number;
  /** The number of the last event that the live stream brought, or left out. */
  #live: number;
  /** The highest number that is known to be in the room. */
  #lastSeq: number;

  /** @param live Where the live stream starts: it will bring what comes after that number. */
  constructor(live: number, limits: Span = EVERYTHING) {
    this.limits = limits;
    this.#live = live;
    this.#lastSeq = live;
    this.after = clamp(live, limits);
    this.before = this.after + 1;
  }

  /** Whether nothing comes before it. */
  get isAtStart(): boolean {
    return this.after <= this.limits.after;
  }

  /** Whether nothing is missing up to now. */
  get isAtEnd(): boolean {
    return this.before > Math.min(this.#live, this.limits.before - 1);
  }

  /** The number of the last event there is, at hand or not. */
  get lastSeq(): number {
    return Math.min(this.#lastSeq, this.limits.before - 1);
  }

  /** The number of the last event that was received live. */
  get live(): number {
    return this.#live;
  }

  /** Forgets everything; `events` are all that was said since `after`, and the latest. */
  reset(events: readonly EventJson[], lastSeq: number): void {
    this.#live = lastSeq;
    this.#lastSeq = lastSeq;
    this.events = events;
    this.holes = [];
    this.before = lastSeq + 1;
    this.after = events.length > 0 ? events[0].seq - 1 : lastSeq;
  }

  /** The live stream goes on after `lastSeq`, and will not bring what comes before that. */
  skipTo(lastSeq: number): void {
    this.#live = lastSeq;
    this.#lastSeq = Math.max(this.#lastSeq, lastSeq);
  }

  /** Takes what the live stream brings; returns those that it had not brought before. */
  receive(events: readonly EventJson[]): readonly EventJson[] {
    const news = events.filter(({ seq }) => seq > this.#live);
    if (news.length === 0) return news;
    const isFollowing = this.before > this.#live;
    this.#live = news[news.length - 1].seq;
    this.#lastSeq = Math.max(this.#lastSeq, this.#live);
    if (isFollowing) {
      // History may have been ahead of the live stream.
      this.#add(news.filter(({ seq }) => seq >= this.before));
      this.before = Math.max(this.before, this.#live + 1);
    }
    return news;
  }

  /** Joins a piece of history on; one that does not touch what is at hand takes its place. */
  merge({ events, after, before, lastSeq }: HistoryAnswer): void {
    this.#lastSeq = Math.max(this.#lastSeq, lastSeq);
    const from = clamp(after, this.limits);
    const to = Math.min(before, this.limits.before);
    const piece = events.filter(({ seq }) => seq > from && seq < to);
    if (to <= this.after || from >= this.before) {
      this.events = piece;
      this.holes = [];
      this.after = from;
      this.before = to;
      return;
    }
    this.events = [
      ...piece.filter(({ seq }) => seq <= this.after),
      ...this.events,
      ...piece.filter(({ seq }) => seq >= this.before),
    ];
    this.after = Math.min(this.after, from);
    this.before = Math.max(this.before, to);
  }

  /** The hole that a number is in. */
  holeAt(seq: number): Hole | undefined {
    return this.holes.find(({ first, last }) => seq >= first && seq <= last);
  }

  /** Fills holes with a piece of history. */
  fill({ events, after, before }: HistoryAnswer): void {
    if (this.holes.length === 0) return;
    const known = new Set(this.events.map(({ seq }) => seq));
    const found = events.filter(({ seq }) => !known.has(seq) && this.holeAt(seq));
    this.events = [...this.events, ...found].sort((one, other) => one.seq - other.seq);
    this.holes = this.holes.flatMap((hole) => {
      const isTouched = hole.last > after && hole.first < before;
      return isTouched ? restOfHole(hole, { after, before }, this.events) : [hole];
    });
  }

  /** Lets go of all but `count` events around number `seq`. */
  trim(seq: number, count: number): void {
    if (this.events.length <= count) return;
    const found = this.events.findIndex((event) => event.seq >= seq);
    const middle = found === -1 ? this.events.length : found;
    const start = Math.max(0, Math.min(middle - (count >> 1), this.events.length - count));
    const end = start + count;
    if (end < this.events.length) this.before = this.events[end].seq;
    if (start > 0) this.after = this.events[start - 1].seq;
    this.events = this.events.slice(start, end);
    this.holes = this.holes.filter(({ first, last }) => first > this.after && last < this.before);
  }

  /** Takes what came live and stands at the end. */
  #add(news: readonly EventJson[]): void {
    const folded = news.flatMap((event) => holeOf(event) ?? []);
    if (folded.length === 0) {
      this.events = [...this.events, ...news];
      return;
    }
    this.events = [...this.events, ...news.filter((event) => !holeOf(event))];
    // Those of several sources at a time lie within each other.
    const groups: Hole[][] = [];
    for (const hole of folded.toSorted((one, other) => one.first - other.first)) {
      const group = groups.at(-1);
      if (group && hole.first <= Math.max(...group.map(({ last }) => last))) group.push(hole);
      else groups.push([hole]);
    }
    this.holes = [...this.holes, ...groups.map((group) => joinHoles(group)!)];
  }
}

function clamp(after: number, limits: Span): number {
  return Math.max(limits.after, Math.min(after, limits.before - 1));
}
