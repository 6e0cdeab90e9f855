/**
 * The log in an SQLite file: one writer, numbers given in memory, a transaction for each batch.
 *
 * @module
 */

import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { type Clock, systemClock } from "../../clock.ts";
import type { MessageLog, RoomRecord } from "../../domain/message_log.ts";
import { nameKey } from "../../domain/name.ts";
import { type Draft, ROOM_EVENT_KINDS, type RoomEvent } from "../../domain/room_event.ts";
import type { Checkpointer } from "./checkpointer.ts";

/** Rooms kept in memory before the cache is begun anew; a room is some 200 bytes. */
const CACHED_ROOMS = 10_000;

/** Rows of one statement: the call and its set-up cost as much as a row. */
const ROWS_AT_ONCE = 32;
/** Columns of the table of events. */
const COLUMNS = 10;

interface CachedRoom {
  readonly id: number;
  readonly name: string;
  lastSeq: number;
}

interface EventRow {
  id: number;
  seq: number;
  at: number;
  kind: number;
  sender: string;
  body: string;
  fields: string | null;
  via: string | null;
  origin: number | null;
}

export interface LogOptions {
  /** @default {systemClock} */
  readonly clock?: Clock;
  /** Makes the checkpoints; without one, commits do. */
  readonly checkpointer?: Checkpointer;
}

/** Keeps events in `database`, which it closes in the end. */
export class SqliteMessageLog implements MessageLog {
  readonly #database: DatabaseSync;
  readonly #clock: Clock;
  readonly #checkpointer: Checkpointer | undefined;
  /** By name as spelled, so that an event needs no key made; all spellings share one entry. */
  readonly #rooms = new Map<string, CachedRoom>();
  readonly #statements: ReturnType<typeof prepareStatements>;
  #lastId: number;
  #isOpen = true;

  /** @param database As `openDatabase` gives it. */
  constructor(database: DatabaseSync, { clock = systemClock, checkpointer }: LogOptions = {}) {
    this.#database = database;
    this.#clock = clock;
    this.#checkpointer = checkpointer;
    this.#statements = prepareStatements(database);
    this.#lastId = (this.#statements.lastId.get() as { id: number | null }).id ?? 0;
  }

  // deno-lint-ignore require-await -- what fails must reject, and a later store may have to wait
  async append(batch: readonly Draft[]): Promise<readonly RoomEvent[]> {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const events = this.#insert(batch);
      this.#database.exec("COMMIT");
      this.#lastId += events.length;
      this.#checkpointer?.wrote(sizeOf(events));
      return events;
    } catch (error) {
      this.#abandon();
      throw error;
    }
  }

  // deno-lint-ignore require-await
  async read(room: string, after: number, limit: number): Promise<RoomEvent[]> {
    const cached = this.#lookUp(room);
    if (!cached) return [];
    const rows = this.#statements.read.all(cached.id, after, limit) as unknown as EventRow[];
    return rows.map((row) => toEvent(row, cached.name));
  }

  // deno-lint-ignore require-await
  async room(name: string): Promise<RoomRecord | undefined> {
    return this.#statements.room.get(nameKey(name)) as unknown as RoomRecord | undefined;
  }

  // deno-lint-ignore require-await
  async rooms(limit: number): Promise<RoomRecord[]> {
    return this.#statements.rooms.all(limit) as unknown as RoomRecord[];
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#checkpointer?.close();
    this.#database.close();
  }

  #insert(batch: readonly Draft[]): RoomEvent[] {
    const at = this.#clock.now();
    const visited = new Set<number>();
    let id = this.#lastId;
    let values: SQLInputValue[] = [];
    const events = batch.map((draft): RoomEvent => {
      const { kind, from, body, fields, via, origin } = draft;
      const room = this.#rooms.get(draft.room) ?? this.#lookUp(draft.room) ??
        this.#create(draft.room);
      const seq = ++room.lastSeq;
      values.push(
        ++id,
        room.id,
        seq,
        at,
        KIND_NUMBERS[kind],
        from,
        body,
        fields ? JSON.stringify(fields) : null,
        via ?? null,
        origin ?? null,
      );
      if (values.length === ROWS_AT_ONCE * COLUMNS) {
        this.#statements.insertMany.run(...values);
        values = [];
      }
      if (kind === "topic") this.#statements.setTopic.run(body, room.id);
      if ((kind === "join" || kind === "part") && !visited.has(room.id)) {
        visited.add(room.id);
        this.#statements.setVisited.run(at, room.id);
      }
      return { id, room: room.name, seq, at, kind, from, body, fields, via, origin };
    });
    for (let start = 0; start < values.length; start += COLUMNS) {
      this.#statements.insert.run(...values.slice(start, start + COLUMNS));
    }
    return events;
  }

  #lookUp(name: string): CachedRoom | undefined {
    const known = this.#rooms.get(name);
    if (known) return known;
    const row = this.#statements.room.get(nameKey(name)) as unknown as CachedRoom | undefined;
    if (!row) return undefined;
    const { id, name: firstName, lastSeq } = row;
    return this.#cache(name, this.#rooms.get(firstName) ?? { id, name: firstName, lastSeq });
  }

  #create(name: string): CachedRoom {
    const { lastInsertRowid } = this.#statements.createRoom.run(nameKey(name), name);
    return this.#cache(name, { id: Number(lastInsertRowid), name, lastSeq: 0 });
  }

  #cache(name: string, room: CachedRoom): CachedRoom {
    if (this.#rooms.size >= CACHED_ROOMS) this.#rooms.clear();
    this.#rooms.set(room.name, room);
    this.#rooms.set(name, room);
    return room;
  }

  /** Undoes a batch, in the file and in memory: the numbers are read anew from what is there. */
  #abandon(): void {
    this.#rooms.clear();
    // Some failures, a full disk among them, have rolled back already.
    if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
  }
}

const KIND_NUMBERS = Object.fromEntries(
  ROOM_EVENT_KINDS.map((kind, number) => [kind, number]),
) as Record<Draft["kind"], SQLInputValue>;

function prepareStatements(database: DatabaseSync) {
  const room = `SELECT id, name, topic,
      coalesce((SELECT max(seq) FROM event WHERE room_id = room.id), 0) AS lastSeq FROM room`;
  const row = `(${Array(COLUMNS).fill("?").join(", ")})`;
  const prepare = (sql: string): StatementSync => database.prepare(sql);
  return {
    insert: prepare(`INSERT OR ROLLBACK INTO event VALUES ${row}`),
    insertMany: prepare(
      `INSERT OR ROLLBACK INTO event VALUES ${Array(ROWS_AT_ONCE).fill(row).join(", ")}`,
    ),
    lastId: prepare("SELECT max(id) AS id FROM event"),
    read: prepare(
      `SELECT id, seq, at, kind, sender, body, fields, via, origin FROM event
        WHERE room_id = ? AND seq > ? ORDER BY seq LIMIT ?`,
    ),
    room: prepare(`${room} WHERE key = ?`),
    rooms: prepare(`${room} ORDER BY visited DESC LIMIT ?`),
    createRoom: prepare("INSERT INTO room (key, name) VALUES (?, ?)"),
    setTopic: prepare("UPDATE room SET topic = ? WHERE id = ?"),
    setVisited: prepare("UPDATE room SET visited = ? WHERE id = ?"),
  };
}

function toEvent(row: EventRow, room: string): RoomEvent {
  return {
    id: row.id,
    room,
    seq: row.seq,
    at: row.at,
    kind: ROOM_EVENT_KINDS[row.kind],
    from: row.sender,
    body: row.body,
    fields: row.fields === null ? undefined : JSON.parse(row.fields),
    via: row.via ?? undefined,
    origin: row.origin ?? undefined,
  };
}

/** Bytes that a batch takes in the file, roughly. */
function sizeOf(events: readonly RoomEvent[]): number {
  let size = 0;
  for (const event of events) size += event.body.length + 64;
  return size;
}
