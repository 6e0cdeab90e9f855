/**
 * Reading the log from another thread, or another process, than the one that writes it: on a
 * connection that can do nothing else, and in short moments, so that nobody waits for it.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { isNamed, type RunHead } from "../../domain/event_matcher.ts";
import { nameKey } from "../../domain/name.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import type { NamePattern } from "../../domain/search_query.ts";
import {
  eventsOf,
  kindOf,
  type RunRow,
  SELECTED_COLUMNS,
  type StoredText,
  textOf,
  whole,
} from "./run_row.ts";

/** What the events of a run have in common, and which they are. */
export interface StoredRun extends RunHead {
  /** Of the first event; those of the others follow. */
  readonly id: number;
  readonly count: number;
}

/** A room of the log. */
export interface StoredRoom {
  readonly id: number;
  readonly name: string;
}

/** Which runs are wanted: all of them, if nothing is said. */
export interface RunRange {
  /** Those with a higher id. */
  readonly after?: number;
  /** Those with a lower id. */
  readonly before?: number;
  /** Those of this room. */
  readonly room?: number;
  /** Those accepted at this time or later, milliseconds since 1970. */
  readonly since?: number;
  /** Those accepted earlier. */
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

/** Names of rooms held in memory before the cache is cleared. */
const CACHED_NAMES = 10_000;

type Row = RunRow & { readonly room: number };

export class LogReader {
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #roomNames = new Map<number, string>();

  /** @param log As `openLogToRead` gives it. */
  constructor(log: DatabaseSync) {
    this.#statements = prepareStatements(log);
  }

  /** The room of that name, compared without case. */
  room(name: string): StoredRoom | undefined {
    return this.#statements.room.get(nameKey(name)) as unknown as StoredRoom | undefined;
  }

  /** All rooms with a name like one of these. */
  roomsNamed(names: readonly NamePattern[]): StoredRoom[] {
    const rooms = this.#statements.rooms.all() as unknown as StoredRoom[];
    return rooms.filter(({ name }) => isNamed(name, names));
  }

  /** The number of the latest event of a room, kept or not; 0 if there never was one. */
  lastSeq(room: number): number {
    return this.#statements.lastSeq.get(room)!.seq as number;
  }

  /** The id of the last run, 0 if there is none. */
  lastRun(): number {
    return this.#statements.lastRun.get()!.id as number;
  }

  /** A number that is another one after anybody has written anything. */
  version(): number {
    return this.#statements.version.get()!.data_version as number;
  }

  /** The events of a room after number `seq`, those of its next `limit` runs. */
  eventsAfter(room: number, seq: number, limit: number): RoomEvent[] {
    const rows = this.#statements.next.all(room, seq, limit) as unknown as Row[];
    return rows.flatMap((row) => eventsOf(row, this.#roomName(row.room)));
  }

  /** The last `limit` runs in that range, the last one first, without their texts. */
  lastRuns({ after = 0, before = Number.MAX_SAFE_INTEGER }: RunRange, limit: number): StoredRun[] {
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

  /** The texts of a run as they are stored, in JSON; `undefined` if it is gone. */
  texts(run: number): { readonly bodies: string; readonly fields: string | null } | undefined {
    return this.#statements.texts.get(run) as ReturnType<LogReader["texts"]>;
  }

  /** The events of a run; none if it is gone. */
  events(run: number): RoomEvent[] {
    const row = this.#statements.run.get(run) as unknown as Row | undefined;
    return row ? eventsOf(row, this.#roomName(row.room)) : [];
  }

  /** The events of the first `limit` runs in that range, run by run. */
  firstRuns(
    { after = 0, before = Number.MAX_SAFE_INTEGER, room, since, until }: RunRange,
    limit: number,
  ): RoomEvent[][] {
    const { runs, runsOfRoom } = this.#statements;
    const times = [since ?? Number.MIN_SAFE_INTEGER, until ?? Number.MAX_SAFE_INTEGER];
    const rows = room === undefined
      ? runs.all(after, before, ...times, limit)
      : runsOfRoom.all(after, before, ...times, limit, room);
    return (rows as unknown as Row[]).map((row) => eventsOf(row, this.#roomName(row.room)));
  }

  /** The events of a room from number `first` to `last`, in order. */
  range(room: number, first: number, last: number): RoomEvent[] {
    const rows = this.#statements.range.all(room, first, last) as unknown as Row[];
    return rows.flatMap((row) => eventsOf(row, this.#roomName(row.room)))
      .filter(({ seq }) => seq >= first && seq <= last);
  }

  #roomName(id: number): string {
    let name = this.#roomNames.get(id);
    if (name === undefined) {
      name = (this.#statements.roomName.get(id) as { name: string } | undefined)?.name ?? "";
      if (this.#roomNames.size >= CACHED_NAMES) this.#roomNames.clear();
      this.#roomNames.set(id, name);
    }
    return name;
  }
}

function prepareStatements(log: DatabaseSync) {
  const columns = `${SELECTED_COLUMNS}, room_id AS room`;
  // Texts stand last in a row: a row that is passed over costs none of its text.
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
    texts: log.prepare("SELECT bodies, fields FROM run WHERE id = ?"),
    run: log.prepare(`SELECT ${columns} FROM run WHERE id = ?`),
    runs: log.prepare(`SELECT ${columns} FROM run WHERE ${inRange} ORDER BY id LIMIT ?5`),
    runsOfRoom: log.prepare(
      // By `seq`, whose order is that of ids: the room's index then leads to the page at once.
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
