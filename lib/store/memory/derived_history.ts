/**
 * Implements `RoomHistory` by reading events in order, for stores that keep all events in memory.
 *
 * @module
 */

import {
  type EncodedEvents,
  type EventForms,
  type Matches,
  MOST_BYTES,
  MOST_ENCODED_EVENTS,
  MOST_EVENTS_LOOKED_AT,
  MOST_RUNS_COUNTED,
  type PartCount,
  type PartCounts,
  type PartLevels,
  partOf,
  type RangeEnd,
  type RoomHistory,
  type SeqRange,
  type Stretch,
  type TalkCount,
  type TimeParts,
} from "../../domain/history/room_history.ts";
import type { RoomRecord } from "../../domain/message_log.ts";
import { type Level, levelOf } from "../../level.ts";
import { aboutOf, NO_LONGER_KEPT } from "../../domain/acts/about.ts";
import { abridged, type Pin, type ShownPin } from "../../domain/acts/pins.ts";
import { EventMatcher } from "../../domain/search/event_matcher.ts";
import { isSilent, namedNumber, type Reaction, type RoomEvent } from "../../domain/room_event.ts";
import type { SearchQuery } from "../../domain/search/search_query.ts";

export abstract class DerivedHistory implements RoomHistory {
  /** The forms that {@linkcode DerivedHistory.encode} can write. */
  forms: EventForms = {};

  abstract room(name: string): Promise<RoomRecord | undefined>;
  abstract rooms(limit: number): Promise<RoomRecord[]>;
  abstract directRooms(account: string, limit: number): Promise<RoomRecord[]>;
  protected abstract readStored(room: string, after: number, limit: number): Promise<RoomEvent[]>;
  protected abstract reactionsTo(room: string, seq: number): readonly Reaction[];
  protected abstract pinsOf(room: string): readonly Pin[];

  async read(room: string, after: number, limit: number): Promise<RoomEvent[]> {
    const events = await this.readStored(room, after, limit);
    const annotated: RoomEvent[] = [];
    for (const event of events) {
      const reactions = this.reactionsTo(room, event.seq);
      const of = event.kind === "redaction" ? undefined : namedNumber(event);
      const [named] = of === undefined ? [] : await this.readStored(room, of - 1, 1);
      annotated.push({
        ...event,
        ...(of !== undefined && { about: named?.seq === of ? aboutOf(named) : NO_LONGER_KEPT }),
        ...(reactions.length > 0 && { reactions }),
      });
    }
    return annotated;
  }

  async pins(room: string): Promise<ShownPin[]> {
    return await Promise.all(
      this.pinsOf(room).map(async (pin) => {
        const [event] = await this.read(room, pin.seq - 1, 1);
        return event?.seq === pin.seq ? { ...pin, event: abridged(event) } : pin;
      }),
    );
  }

  async talk(room: string, range: SeqRange, limit: number, end: RangeEnd): Promise<Stretch> {
    return await this.#talk(room, range, limit, end, MOST_BYTES);
  }

  async countTalk(room: string, range: SeqRange, limit: number, end: RangeEnd): Promise<TalkCount> {
    const { after, before, events } = await this.#talk(room, range, limit, end, Infinity);
    return { after, before, count: events.length };
  }

  async matches(
    room: string,
    range: SeqRange,
    query: SearchQuery,
    limit: number,
    end: RangeEnd,
  ): Promise<Matches> {
    const matcher = new EventMatcher(query);
    const isMatch = (event: RoomEvent) => matcher.admits(event) && matcher.matches(event);
    const { firstSeq = 1, lastSeq = 0 } = await this.room(room) ?? {};
    const isForward = end === "first";
    const first = Math.max(range.after + 1, firstSeq);
    const last = Math.min(range.before - 1, lastSeq);
    const from = isForward ? first : Math.max(first, last - MOST_EVENTS_LOOKED_AT + 1);
    const to = isForward ? Math.min(last, first + MOST_EVENTS_LOOKED_AT - 1) : last;
    let after = from === first ? range.after : from - 1;
    let before = to === last ? range.before : to + 1;
    const all = first > last ? [] : await this.#readAll(room, from, to);
    const found = all.filter(isMatch);
    const edge = isForward ? found[limit - 1] : found.at(-limit);
    if (edge && isForward) before = edge.seq + 1;
    if (edge && !isForward) after = edge.seq - 1;
    const isCovered = ({ seq }: RoomEvent) => seq > after && seq < before;
    const talk = all.filter((event) => isCovered(event) && !isSilent(event));
    const lines = talk.filter(({ kind }) => kind === "log").length;
    return {
      after,
      before,
      events: found.filter(isCovered),
      lines,
      others: talk.length - lines,
    };
  }

  async countByTime(room: string, range: SeqRange, time: TimeParts): Promise<PartCounts> {
    const { after, before } = range;
    const events = (await this.read(room, after, MOST_RUNS_COUNTED))
      .filter(({ seq }) => seq < before);
    const parts = Map.groupBy(events, ({ at }) => partOf(at, time));
    parts.delete(time.parts);
    const counts = [...parts].map(([part, events]): PartCount => ({
      part,
      count: events.length,
      first: events[0].seq,
      last: events[events.length - 1].seq,
      earliest: Math.min(...events.map(({ at }) => at)),
      latest: Math.max(...events.map(({ at }) => at)),
    }));
    const isAll = events.length < MOST_RUNS_COUNTED;
    return { after, before: isAll ? before : events[events.length - 1].seq + 1, counts };
  }

  async countLevels(room: string, range: SeqRange, time: TimeParts): Promise<PartLevels> {
    const { after, before, events } = await this.talk(room, range, MOST_EVENTS_LOOKED_AT, "first");
    const parts = new Map<number, Partial<Record<Level, number>>>();
    for (const { kind, at, fields } of events) {
      const level = kind === "log" ? levelOf(fields?.level) : undefined;
      const part = partOf(at, time);
      if (level === undefined || part < 0 || part >= time.parts) continue;
      const counts = parts.get(part) ?? {};
      parts.set(part, { ...counts, [level]: (counts[level] ?? 0) + 1 });
    }
    return { after, before, levels: [...parts].map(([part, counts]) => ({ part, counts })) };
  }

  async findTime(room: string, at: number): Promise<number> {
    const { firstSeq = 1, lastSeq = 0 } = await this.room(room) ?? {};
    const events = await this.#readAll(room, firstSeq, lastSeq);
    return events.find((event) => event.at >= at)?.seq ?? lastSeq + 1;
  }

  async encode(room: string, { after, before }: SeqRange, form: string): Promise<EncodedEvents> {
    const write = this.forms[form];
    if (!write) throw new TypeError(`Cannot encode events as "${form}"`);
    const events = (await this.readStored(room, after, MOST_ENCODED_EVENTS))
      .filter(({ seq }) => seq < before);
    const last = events.at(-1)?.seq ?? Infinity;
    const bytes = new TextEncoder().encode(events.map(write).join(""));
    return { after, before: Math.min(before, last + 1), bytes };
  }

  async #talk(
    room: string,
    range: SeqRange,
    limit: number,
    end: RangeEnd,
    mostCharacters: number,
  ): Promise<Stretch> {
    const { firstSeq = 1, lastSeq = 0 } = await this.room(room) ?? {};
    const first = Math.max(range.after + 1, firstSeq);
    const last = Math.min(range.before - 1, lastSeq);
    if (first > last) return { ...range, events: [] };
    const isForward = end === "first";
    const from = isForward ? first : Math.max(first, last - MOST_EVENTS_LOOKED_AT + 1);
    const to = isForward ? Math.min(last, first + MOST_EVENTS_LOOKED_AT - 1) : last;
    const said = (await this.#readAll(room, from, to)).filter((event) => !isSilent(event));
    if (!isForward) said.reverse();
    let characters = 0;
    const large = said.findIndex(({ body }) => (characters += body.length) > mostCharacters);
    const fitting = large === -1 ? said.length : Math.max(1, large);
    const events = said.slice(0, Math.min(limit, fitting));
    const edge = events.length === limit || fitting < said.length ? events.at(-1) : undefined;
    if (isForward) {
      const rest = to === last ? range.before : to + 1;
      return { after: range.after, before: edge ? edge.seq + 1 : rest, events };
    }
    const rest = from === first ? range.after : from - 1;
    return { after: edge ? edge.seq - 1 : rest, before: range.before, events: events.reverse() };
  }

  async #readAll(room: string, first: number, last: number): Promise<RoomEvent[]> {
    const all: RoomEvent[] = [];
    for (let after = first - 1; after < last;) {
      const events = await this.read(room, after, last - after);
      if (events.length === 0) break;
      all.push(...events);
      after = events[events.length - 1].seq;
    }
    return all.filter(({ seq }) => seq <= last);
  }
}
