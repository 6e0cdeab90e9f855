/**
 * The loaded part of a room's history: one contiguous span that grows at either end. Its only holes
 * are those that floods of log lines leave, and it knows where they are.
 *
 * @module
 */

import { withReactions } from "../../domain/acts/reactions.ts";
import { withRedactions } from "../../domain/redaction.ts";
import { isReaction } from "../../domain/room_event.ts";
import type { EventJson, HistoryAnswer } from "../protocol.ts";
import { type Hole, holeOf, isInHole, restOfHole } from "./hole.ts";

/** The events with `after < seq < before`. */
export interface Span {
  readonly after: number;
  readonly before: number;
}

/** Redactions and reactions remembered, for pages of history that the server read before them. */
const MAX_CHANGES = 100;

/** The whole room, including future events. */
const EVERYTHING: Span = { after: 0, before: Infinity };

export class Timeline implements Span {
  /** The part of the room that the timeline never grows beyond. */
  readonly limits: Span;
  /** Ordered by `seq`. Replaced when they change, never mutated. */
  events: readonly EventJson[] = [];
  /** Ordered by their first number; replaced like the events. Those of several sources overlap. */
  holes: readonly Hole[] = [];
  after: number;
  before: number;
  #changes: readonly EventJson[] = [];
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
    const start = knownFrom(events, lastSeq);
    this.events = [];
    this.holes = [];
    this.#append(events.filter(({ seq }) => seq >= start));
    this.amend(events);
    this.before = lastSeq + 1;
    this.after = start - 1;
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
      this.#append(added.filter((event) => event.seq >= this.before && !isReaction(event)));
      this.before = Math.max(this.before, this.#live + 1);
    }
    this.amend(added);
    return added;
  }

  /** Applies what some of `events` change in others: redactions and reactions. */
  amend(events: readonly EventJson[]): void {
    const changes = events.filter((event) => event.kind === "redaction" || isReaction(event));
    if (changes.length === 0) return;
    this.#changes = [...this.#changes, ...changes].slice(-MAX_CHANGES);
    this.events = amended(this.events, changes);
  }

  /** Adds a page of history, or replaces everything with it if the two do not touch. */
  merge({ events, after, before, lastSeq }: HistoryAnswer): void {
    this.#lastSeq = Math.max(this.#lastSeq, lastSeq);
    const from = clamp(after, this.limits);
    const to = Math.min(before, this.limits.before);
    const piece = amended(events, this.#changes)
      .filter(({ seq }) => seq > from && seq < to);
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
    this.amend(piece);
  }

  /** Adds what has come through a filter since the end; nobody else sends it. */
  follow(answer: HistoryAnswer): void {
    this.merge(answer);
    this.skipTo(this.before - 1);
  }

  /** A hole that event `seq` may be in, unless it is loaded. */
  holeAt(seq: number): Hole | undefined {
    const hole = this.holes.find(({ first, last }) => seq >= first && seq <= last);
    return hole && this.events.some((event) => event.seq === seq) ? undefined : hole;
  }

  /** Fills holes with a page of history. */
  fill({ events, after, before }: HistoryAnswer): void {
    const touched = this.holes.filter(({ first, last }) => last > after && first < before);
    if (touched.length === 0) return;
    const known = new Set(this.events.map(({ seq }) => seq));
    // A line is in the hole of its own source first.
    const holeOfLine = (event: EventJson) =>
      touched.filter((hole) => isInHole(event, hole))
        .sort((one, other) => Number(one.isOfSeveral) - Number(other.isOfSeveral))[0];
    const found = amended(events, this.#changes)
      .filter((event) => !known.has(event.seq) && holeOfLine(event));
    for (const { seq } of found) known.add(seq);
    this.events = [...this.events, ...found].sort((one, other) => one.seq - other.seq);
    const isKnown = (seq: number) => known.has(seq);
    this.holes = inOrder(this.holes.flatMap((hole) => {
      if (!touched.includes(hole)) return [hole];
      const own = found.filter((event) => holeOfLine(event) === hole);
      return restOfHole(hole, { after, before, found: own, isKnown });
    }));
  }

  /** Drops all but about `count` events around `seq`; does not cut through holes. */
  trim(seq: number, count: number): void {
    const { events } = this;
    if (events.length <= count) return;
    const found = events.findIndex((event) => event.seq >= seq);
    const middle = found === -1 ? events.length : found;
    const start = Math.max(0, Math.min(middle - (count >> 1), events.length - count));
    const end = start + count;
    let after = start > 0 ? events[start - 1].seq : this.after;
    let before = end < events.length ? events[end].seq : this.before;
    for (const { first, last } of this.holes) if (first <= after && last > after) after = last;
    for (const { first, last } of this.holes.toReversed()) {
      if (first < before && last >= before) before = first;
    }
    if (after >= before - 1) return;
    this.after = after;
    this.before = before;
    const isKept = (first: number, last = first) => first > after && last < before;
    this.events = events.filter(({ seq }) => isKept(seq));
    this.holes = this.holes.filter(({ first, last }) => isKept(first, last));
  }

  /** Appends live events; those that stand for several log lines become holes. */
  #append(added: readonly EventJson[]): void {
    const holes = added.flatMap((event) => holeOf(event) ?? []);
    const lines = holes.length === 0 ? added : added.filter((event) => !holeOf(event));
    this.events = [...this.events, ...lines];
    if (holes.length > 0) this.holes = inOrder([...this.holes, ...holes]);
  }
}

/** The number from which on the latest events of a room are complete: no hole begins before it. */
function knownFrom(events: readonly EventJson[], lastSeq: number): number {
  let start = events.length > 0 ? events[0].seq : lastSeq + 1;
  for (const event of events) {
    const hole = holeOf(event);
    if (hole && hole.first < start) start = hole.last + 1;
  }
  return start;
}

function amended(events: readonly EventJson[], changes: readonly EventJson[]) {
  return withReactions(withRedactions(events, changes), changes);
}

function inOrder(holes: readonly Hole[]): Hole[] {
  return holes.toSorted((one, other) => one.first - other.first);
}

function clamp(after: number, limits: Span): number {
  return Math.max(limits.after, Math.min(after, limits.before - 1));
}
