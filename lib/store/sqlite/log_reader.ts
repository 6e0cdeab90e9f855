/**
 * Reads the log in a thread or process other than the writer's, on a read-only connection and in
 * small steps that hold up nobody.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { nameKey } from "../../domain/name.ts";
import { ROOM_EVENT_KINDS, type RoomEvent } from "../../domain/room_event.ts";
import { isNamed, type RunHead } from "../../domain/search/event_matcher.ts";
import type { NamePattern } from "../../domain/search/search_query.ts";
import { Annotator } from "./annotator.ts";
import { unpackFields } from "./run_fields.ts";
import {
  eventsOf,
  kindOf,
  type RunRow,
  SELECTED_COLUMNS,
  type StoredText,
  textOf,
  whole,
} from "./run_row.ts";

/** The common properties of the events of a run, and their ids. */
export interface StoredRun extends RunHead {
  /** Of the first event; the ids of the others follow. */
  readonly id: number;
  readonly count: number;
}

/** A room of the log. */
export interface StoredRoom {
  readonly id: number;
  readonly name: string;
}

/** A range of runs; without any bounds, all of them. */
export interface RunRange {
  /** Ids above this one. */
  readonly after?: number;
  /** Ids below this one. */
  readonly before?: number;
  /** Only this room. */
  readonly room?: number;
  /** Accepted at this time or later, milliseconds since 1970. */
  readonly since?: number;
  /** Accepted before this time. */
  readonly until?: number;
}

interface HeadRow {
  readonly id: number;
  readonly room: number;
  readonly count: number;
  readonly at: number;
  readonly kind: number;
  readonly sender: StoredText;
}

/** Runs looked at for redactions that are not indexed yet. */
const UNINDEXED_RUNS = 4096;
const REDACTION = ROOM_EVENT_KINDS.indexOf("redaction");

type Row = RunRow & { readonly room: number };

export class LogReader {
  readonly #statements: ReturnType<typeof prepareStatements>;
  /** Looked up in the call under way: a room may get another spelling. */
  readonly #roomNames = new Map<number, string>();
  readonly #annotator: Annotator;

  /** @param log As `openLogToRead` gives it. */
  constructor(log: DatabaseSync) {
    this.#statements = prepareStatements(log);
    this.#annotator = new Annotator(log);
  }

  /** The room of that name, compared without case. */
  room(name: string): StoredRoom | undefined {
    return this.#statements.room.get(nameKey(name)) as unknown as StoredRoom | undefined;
  }

  /** All rooms whose names match one of the patterns. */
  roomsNamed(names: readonly NamePattern[]): StoredRoom[] {
    const rooms = this.#statements.rooms.all() as unknown as StoredRoom[];
    return rooms.filter(({ name }) => isNamed(name, names));
  }

  /** The number of a room's latest event, removed or not; 0 if there never was one. */
  lastSeq(room: number): number {
    return this.#statements.lastSeq.get(room)!.seq as number;
  }

  /** The id of the last run, 0 if there is none. */
  lastRun(): number {
    return this.#statements.lastRun.get()!.id as number;
  }

  /** A number that changes whenever another connection commits. */
  version(): number {
    return this.#statements.version.get()!.data_version as number;
  }

  /** The events of a room after number `seq`, from its next `limit` runs. */
  eventsAfter(room: number, seq: number, limit: number): RoomEvent[] {
    this.#roomNames.clear();
    const rows = this.#statements.next.all(room, seq, limit) as unknown as Row[];
    return rows.flatMap((row) => eventsOf(row, this.#roomName(row.room)));
  }

  /** The last `limit` runs in a range, the last one first, without their texts. */
  lastRuns({ after = 0, before = Number.MAX_SAFE_INTEGER }: RunRange, limit: number): StoredRun[] {
    this.#roomNames.clear();
    const rows = this.#statements.heads.all(after, before, limit) as unknown as HeadRow[];
    return rows.map(({ id, room, count, at, kind, sender }) => ({
      id,
      count,
      at,
      room: this.#roomName(room),
      kind: kindOf(kind),
      from: textOf(sender),
    }));
  }

  /**
   * The runs whose events are redacted by the runs after run `after`, of which it looks at a few
   * thousand: a tombstone far from the end of the index is found once it is indexed.
   */
  redactedAfter(after: number): number[] {
    const rows = this.#statements.redactions.all(after) as unknown as {
      readonly room: number;
      readonly count: number;
      readonly fields: string;
    }[];
    return rows.flatMap(({ room, count, fields }) =>
      unpackFields(fields, count).flatMap((each) => {
        const run = this.#statements.runWith.get(room, Number(each?.of) || 0);
        return run ? [run.id as number] : [];
      })
    );
  }

  /** The texts of a run as stored, in JSON; `undefined` if it was removed. */
  texts(run: number): { readonly bodies: string; readonly fields: string | null } | undefined {
    return this.#statements.texts.get(run) as ReturnType<LogReader["texts"]>;
  }

  /** The events of a run; none if it was removed. */
  events(run: number): RoomEvent[] {
    this.#roomNames.clear();
    const row = this.#statements.run.get(run) as unknown as Row | undefined;
    return row ? eventsOf(row, this.#roomName(row.room)) : [];
  }

  /** The events of the first `limit` runs in a range, by run. */
  firstRuns(
    { after = 0, before = Number.MAX_SAFE_INTEGER, room, since, until }: RunRange,
    limit: number,
  ): RoomEvent[][] {
    this.#roomNames.clear();
    const { runs, runsOfRoom } = this.#statements;
    const times = [since ?? Number.MIN_SAFE_INTEGER, until ?? Number.MAX_SAFE_INTEGER];
    const rows = room === undefined
      ? runs.all(after, before, ...times, limit)
      : runsOfRoom.all(after, before, ...times, limit, room);
    return (rows as unknown as Row[]).map((row) => eventsOf(row, this.#roomName(row.room)));
  }

  /** The events of a room from number `first` to `last`, in order. */
  range(room: number, first: number, last: number): RoomEvent[] {
    this.#roomNames.clear();
    const rows = this.#statements.range.all(room, first, last) as unknown as Row[];
    return rows.flatMap((row) => eventsOf(row, this.#roomName(row.room)))
      .filter(({ seq }) => seq >= first && seq <= last);
  }

  /** Adds reactions and the messages that replies answer to events of one room, in order. */
  annotate(room: StoredRoom, events: readonly RoomEvent[]): RoomEvent[] {
    return this.#annotator.annotate(room, events);
  }

  #roomName(id: number): string {
    let name = this.#roomNames.get(id);
    if (name === undefined) {
      name = (this.#statements.roomName.get(id) as { name: string } | undefined)?.name ?? "";
      this.#roomNames.set(id, name);
    }
    return name;
  }
}

function prepareStatements(log: DatabaseSync) {
  const columns = `${SELECTED_COLUMNS}, room_id AS room`;
  // Texts are the last columns of a row, so that rows which are skipped cost none of their text.
  const inRange = "run.id > ?1 AND run.id < ?2 AND at >= ?3 AND at < ?4";
  return {
    room: log.prepare("SELECT id, name FROM room WHERE key = ?"),
    rooms: log.prepare("SELECT id, name FROM room ORDER BY id"),
    roomName: log.prepare("SELECT name FROM room WHERE id = ?"),
    lastSeq: log.prepare(
      `SELECT coalesce((SELECT seq + count - 1 FROM run WHERE room_id = room.id
        ORDER BY run.seq DESC LIMIT 1), swept_seq) AS seq FROM room WHERE id = ?`,
    ),
    lastRun: log.prepare("SELECT coalesce(max(id), 0) AS id FROM run"),
    version: log.prepare("PRAGMA data_version"),
    next: log.prepare(
      `SELECT ${columns} FROM run WHERE room_id = ? AND seq > ? ORDER BY seq LIMIT ?`,
    ),
    heads: log.prepare(
      `SELECT id, room_id AS room, count, at, kind, ${whole("sender")} FROM run
        WHERE id > ? AND id < ? ORDER BY id DESC LIMIT ?`,
    ),
    redactions: log.prepare(
      `SELECT room_id AS room, count, fields FROM run WHERE fields IS NOT NULL AND id IN (SELECT id FROM
        (SELECT id, kind FROM run WHERE id > ? ORDER BY id LIMIT ${UNINDEXED_RUNS})
        WHERE kind = ${REDACTION})`,
    ),
    runWith: log.prepare(
      "SELECT id FROM run WHERE room_id = ? AND seq <= ? ORDER BY seq DESC LIMIT 1",
    ),
    texts: log.prepare("SELECT bodies, fields FROM run WHERE id = ?"),
    run: log.prepare(`SELECT ${columns} FROM run WHERE id = ?`),
    runs: log.prepare(`SELECT ${columns} FROM run WHERE ${inRange} ORDER BY id LIMIT ?5`),
    runsOfRoom: log.prepare(
      // `seq` has the same order as `id`, and the room's index finds the page by it.
      `SELECT ${columns} FROM run WHERE ${inRange} AND room_id = ?6
        AND seq > coalesce((SELECT seq FROM run WHERE id = ?1 AND room_id = ?6), 0)
        ORDER BY seq LIMIT ?5`,
    ),
    range: log.prepare(
      `SELECT ${columns} FROM run WHERE room_id = ?1 AND seq <= ?3 AND seq >= coalesce(
          (SELECT seq FROM run WHERE room_id = ?1 AND seq <= ?2 ORDER BY seq DESC LIMIT 1), 0)
        ORDER BY seq`,
    ),
  };
}
