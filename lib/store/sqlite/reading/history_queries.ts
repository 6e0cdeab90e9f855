/**
 * Reading the past from the database, a bounded piece at a time. Calls are synchronous: a server
 * makes them in other threads than the one that serves people.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import type { ShownPin } from "../../../domain/acts/pins.ts";
import {
  type EncodedEvents,
  type EventForms,
  isAllTime,
  type Matches,
  MOST_BYTES,
  MOST_ENCODED_EVENTS,
  MOST_EVENTS_LOOKED_AT,
  MOST_RUNS_COUNTED,
  type PartCount,
  type PartCounts,
  type PartLevels,
  type RangeEnd,
  type SeqRange,
  type Stretch,
  type TalkCount,
  type TimeParts,
} from "../../../domain/history/room_history.ts";
import type { RoomRecord } from "../../../domain/message_log.ts";
import { nameKey } from "../../../domain/name.ts";
import type { RoomEvent } from "../../../domain/room_event.ts";
import type { SearchQuery } from "../../../domain/search/search_query.ts";
import { Annotator } from "../annotator.ts";
import { eventsOf, type RunRow, textOf } from "../run_row.ts";
import { countLevelsOf, type LevelRow } from "./count_levels.ts";
import {
  prepareHistoryStatements,
  reach,
  type RoomRecordRow,
  type RunHeadRow,
  type TimedRunRow,
} from "./history_statements.ts";
import { matchRuns } from "./match_runs.ts";

/** Most bytes of stored text searched for levels in one answer, beyond its first run. */
const MOST_LEVEL_BYTES = 1024 * 1024;
const encoder = new TextEncoder();

/** What `RoomHistory` promises, without the waiting; methods have the names that they have there. */
export class HistoryQueries {
  readonly #statements: ReturnType<typeof prepareHistoryStatements>;
  readonly #annotator: Annotator;
  readonly #forms: EventForms;

  /** @param forms What {@linkcode HistoryQueries.encode} can write. */
  constructor(database: DatabaseSync, forms: EventForms = {}) {
    this.#statements = prepareHistoryStatements(database);
    this.#annotator = new Annotator(database);
    this.#forms = forms;
  }

  room(name: string): RoomRecord | undefined {
    const row = this.#room(name);
    return row && toRecord(row);
  }

  rooms(limit: number): RoomRecord[] {
    return (this.#statements.rooms.all(limit) as unknown as RoomRecordRow[]).map(toRecord);
  }

  directRooms(account: string, limit: number): RoomRecord[] {
    const { directRooms } = this.#statements;
    return (directRooms.all({ account, limit }) as unknown as RoomRecordRow[]).map(toRecord);
  }

  read(name: string, after: number, limit: number): RoomEvent[] {
    const room = this.#room(name);
    if (!room) return [];
    const range = { after, before: Number.MAX_SAFE_INTEGER };
    return this.#annotator.annotate(room, this.#read(room, range, limit));
  }

  pins(name: string): ShownPin[] {
    const room = this.#room(name);
    return room ? this.#annotator.pins(room) : [];
  }

  talk(name: string, range: SeqRange, limit: number, end: RangeEnd): Stretch {
    const room = this.#room(name);
    if (!room) return { ...range, events: [] };
    const { count, ...span } = this.#measure(room, range, { limit, bytes: MOST_BYTES }, end);
    if (count === 0) return { ...span, events: [] };
    const start = this.#startOf(room, span.after + 1);
    const rows = this.#statements.talk.all(room.id, start, span.before);
    return { ...span, events: this.#annotator.annotate(room, eventsIn(rows, room, span)) };
  }

  countTalk(name: string, range: SeqRange, limit: number, end: RangeEnd): TalkCount {
    const room = this.#room(name);
    if (!room) return { ...range, count: 0 };
    return this.#measure(room, range, { limit, bytes: Infinity }, end);
  }

  matches(
    name: string,
    range: SeqRange,
    query: SearchQuery,
    limit: number,
    end: RangeEnd,
  ): Matches {
    const room = this.#room(name);
    const first = Math.max(range.after + 1, room?.firstSeq ?? Infinity);
    const last = Math.min(range.before - 1, room?.lastSeq ?? 0);
    if (!room || first > last) return { ...range, events: [], lines: 0, others: 0 };
    const isForward = end === "first";
    const start = this.#startOf(room, first);
    const { firstHeads, lastHeads, runs } = this.#statements;
    const heads = (isForward ? firstHeads : lastHeads)
      .all(room.id, start, last + 1, MOST_EVENTS_LOOKED_AT);
    const limits = { limit: MOST_EVENTS_LOOKED_AT, bytes: MOST_BYTES };
    const { edge, isCut } = reach(
      asHeads(heads),
      { after: first - 1, before: last + 1 },
      limits,
      isForward,
    );
    const span = isForward
      ? { after: range.after, before: isCut ? edge! + 1 : range.before }
      : { after: isCut ? edge! - 1 : range.after, before: range.before };
    const from = isForward ? start : this.#startOf(room, span.after + 1);
    const rows = runs.all(room.id, from, Math.min(span.before, last + 1)) as unknown as RunRow[];
    const { events, ...found } = matchRuns(rows, room.name, span, query, limit, end);
    return { ...found, events: this.#annotator.annotate(room, events) };
  }

  countByTime(name: string, { after, before }: SeqRange, time: TimeParts): PartCounts {
    const room = this.#room(name);
    if (!room) return { after, before, counts: [] };
    const range = {
      room: room.id,
      start: this.#startOf(room, after + 1),
      after,
      before,
      limit: MOST_RUNS_COUNTED,
    };
    const { since, until, parts } = time;
    const rows =
      (isAllTime(time)
        ? this.#statements.timeSpan.all(range)
        : this.#statements.times.all({ ...range, since, until, parts })) as unknown as (
          & PartCount
          & { readonly runs: number }
        )[];
    const runs = rows.reduce((sum, row) => sum + row.runs, 0);
    const last = rows.reduce((last, row) => Math.max(last, row.last), after);
    return {
      after,
      before: runs < MOST_RUNS_COUNTED ? before : last + 1,
      counts: rows.filter(({ part }) => part < time.parts)
        .map(({ runs: _runs, ...count }) => count),
    };
  }

  countLevels(name: string, { after, before }: SeqRange, time: TimeParts): PartLevels {
    const room = this.#room(name);
    if (!room) return { after, before, levels: [] };
    const start = this.#startOf(room, after + 1);
    const { lastWithin, levels } = this.#statements;
    const row = lastWithin.get(room.id, start, before, MOST_EVENTS_LOOKED_AT, MOST_LEVEL_BYTES);
    const last = row!.last as number | null;
    const span = { after, before: last === null ? before : Math.min(before, last + 1) };
    const rows = levels.all(room.id, start, span.before) as unknown as LevelRow[];
    return { ...span, levels: countLevelsOf(rows, span, time) };
  }

  findTime(name: string, at: number): number {
    const room = this.#room(name);
    if (!room) return 1;
    // All numbers below `from` are earlier, and none above `to` can be the first one.
    let from = room.firstSeq;
    let to = room.lastSeq + 1;
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      const { seq, count, at: runAt } = this.#statements.timeOf
        .get(room.id, middle) as unknown as TimedRunRow;
      if (runAt < at) from = seq + count;
      else to = Math.max(seq, from);
    }
    return from;
  }

  encode(name: string, range: SeqRange, form: string): EncodedEvents {
    const write = this.#forms[form];
    if (!write) throw new TypeError(`Cannot encode events as "${form}"`);
    const room = this.#room(name);
    const events = room ? this.#read(room, range, MOST_ENCODED_EVENTS) : [];
    const last = events.at(-1)?.seq ?? Infinity;
    return {
      after: range.after,
      before: Math.min(range.before, last + 1),
      bytes: encoder.encode(events.map(write).join("")),
    };
  }

  #room(name: string): RoomRecordRow | undefined {
    return this.#statements.room.get(nameKey(name)) as unknown as RoomRecordRow | undefined;
  }

  /** Where the run begins that has event `seq`; `seq` if there is none. */
  #startOf(room: RoomRecordRow, seq: number): number {
    return this.#statements.start.get(room.id, seq)!.seq as number;
  }

  /** The first events of a range, of all kinds. */
  #read(room: RoomRecordRow, range: SeqRange, limit: number): RoomEvent[] {
    if (limit < 1) return [];
    const start = this.#startOf(room, range.after + 1);
    const heads = this.#statements.firstHeads.all(room.id, start, range.before, limit);
    const { edge } = reach(asHeads(heads), range, { limit, bytes: MOST_BYTES });
    if (edge === undefined) return [];
    const rows = this.#statements.runs.all(room.id, start, edge + 1);
    return eventsIn(rows, room, { after: range.after, before: edge + 1 });
  }

  /** How far what was said goes from one end of a range. */
  #measure(
    room: RoomRecordRow,
    range: SeqRange,
    limits: { readonly limit: number; readonly bytes: number },
    end: RangeEnd,
  ): TalkCount {
    // What is not kept need not be looked at: any answer covers it.
    const first = Math.max(range.after + 1, room.firstSeq);
    const last = Math.min(range.before - 1, room.lastSeq);
    if (first > last) return { ...range, count: 0 };
    const isForward = end === "first";
    const from = isForward ? first : Math.max(first, last - MOST_EVENTS_LOOKED_AT + 1);
    const to = isForward ? Math.min(last, first + MOST_EVENTS_LOOKED_AT - 1) : last;
    const span = { after: from - 1, before: to + 1 };
    const { firstTalk, lastTalk } = this.#statements;
    const heads = (isForward ? firstTalk : lastTalk)
      .all(room.id, this.#startOf(room, from), span.before, limits.limit);
    const { count, edge, isCut } = reach(asHeads(heads), span, limits, isForward);
    if (isForward) {
      const rest = to === last ? range.before : span.before;
      return { after: range.after, before: isCut ? edge! + 1 : rest, count };
    }
    const rest = from === first ? range.after : span.after;
    return { after: isCut ? edge! - 1 : rest, before: range.before, count };
  }
}

function asHeads(rows: unknown): readonly RunHeadRow[] {
  return rows as readonly RunHeadRow[];
}

function eventsIn(rows: unknown, room: RoomRecordRow, { after, before }: SeqRange): RoomEvent[] {
  return (rows as RunRow[]).flatMap((row) => eventsOf(row, room.name))
    .filter(({ seq }) => seq > after && seq < before);
}

function toRecord(row: RoomRecordRow): RoomRecord {
  const { name, firstSeq, lastSeq, topic, topicBy, topicAt: at } = row;
  const record = { name, firstSeq, lastSeq, topic: textOf(topic) };
  return at === 0 ? record : { ...record, topicOrigin: { by: topicBy, at } };
}
