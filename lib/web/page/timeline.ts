/**
 * The loaded part of a room's history: one contiguous span that grows at either end. Its only holes
 * are those that floods of log lines leave, and it knows where they are.
 *
 * @module
 */

import type { EventJson, HistoryAnswer } from "../protocol.ts";
import { type Hole, holeOf, joinHoles, restOfHole } from "./hole.ts";

/** The events with `after < seq < before`. */
export interface Span {
  readonly after: number;
  readonly before: number;
}

/** The whole room, including future events. */
const EVERYTHING: Span = { after: 0, before: Infinity };

export class Timeline implements Span {
  /** The part of the room that the timeline never grows beyond. */
  readonly limits: Span;
  /** Ordered by `seq`. Replaced when they change, never mutated. */
  events: readonly EventJson[] = [];
  /** Ordered by number; replaced like the events. */
  holes: readonly Hole[] = [];
  after: number;
  before: number;
  #live: number;
  /** The highest known event number of the room. */
  #lastSeq: number;

  /** @param live The live stream starts after this event number. */
  constructor(live: number, limits: Span = EVERYTHING) {
    this.limits = limits;
    this.#live = live;
    this.#lastSeq = live;
    this.after = clamp(live, limits);
    this.before = this.after + 1;
  }

  /** Whether the start is loaded. */
  get isAtStart(): boolean {
    return this.after <= this.limits.after;
  }

  /** Whether the end is loaded. */
  get isAtEnd(): boolean {
    return this.before > Math.min(this.#live, this.limits.before - 1);
  }

  /** Number of the last event, loaded or not. */
  get lastSeq(): number {
    return Math.min(this.#lastSeq, this.limits.before - 1);
  }

  /** Number of the last event that the live stream sent or skipped. */
  get live(): number {
    return this.#live;
  }

  /** Replaces everything with `events`, the latest of the room. */
  reset(events: readonly EventJson[], lastSeq: number): void {
    this.#live = lastSeq;
    this.#lastSeq = lastSeq;
    this.events = events;
    this.holes = [];
    this.before = lastSeq + 1;
    this.after = events.length > 0 ? events[0].seq - 1 : lastSeq;
  }

  /** Continues the live stream after `lastSeq`; it will not send the events up to there. */
  skipTo(lastSeq: number): void {
    this.#live = lastSeq;
    this.#lastSeq = Math.max(this.#lastSeq, lastSeq);
  }

  /** Adds live events; returns those that it has not received before. */
  receive(events: readonly EventJson[]): readonly EventJson[] {
    const added = events.filter(({ seq }) => seq > this.#live);
    if (added.length === 0) return added;
    const isFollowing = this.before > this.#live;
    this.#live = added[added.length - 1].seq;
    this.#lastSeq = Math.max(this.#lastSeq, this.#live);
    if (isFollowing) {
      // History may be ahead of the live stream.
      this.#append(added.filter(({ seq }) => seq >= this.before));
      this.before = Math.max(this.before, this.#live + 1);
    }
    return added;
  }

  /** Adds a page of history, or replaces everything with it if the two do not touch. */
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

  /** The hole that contains event `seq`, if any. */
  holeAt(seq: number): Hole | undefined {
    return this.holes.find(({ first, last }) => seq >= first && seq <= last);
  }

  /** Fills holes with a page of history. */
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

  /** Drops all but `count` events around `seq`. */
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

  /** Appends live events; those that stand for several log lines become holes. */
  #append(added: readonly EventJson[]): void {
    const holes = added.flatMap((event) => holeOf(event) ?? []);
    if (holes.length === 0) {
      this.events = [...this.events, ...added];
      return;
    }
    this.events = [...this.events, ...added.filter((event) => !holeOf(event))];
    // The holes of several sources that send at the same time overlap.
    const groups: Hole[][] = [];
    for (const hole of holes.toSorted((one, other) => one.first - other.first)) {
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
