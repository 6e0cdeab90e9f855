/**
 * The log in an SQLite file: one writer, numbers given in memory, a transaction for each batch.
 *
 * @module
 */

import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { type Clock, systemClock } from "../../clock.ts";
import type { MessageLog, RoomRecord } from "../../domain/message_log.ts";
import { nameKey } from "../../domain/name.ts";
import { removedThrough } from "../../domain/retention_gap.ts";
import { type Draft, isArrivalOrDeparture, type RoomEvent } from "../../domain/room_event.ts";
import type { Checkpointer } from "./checkpointer.ts";
import type { Indexer } from "./search/indexer.ts";
import {
  addRow,
  endOfRun,
  eventsOf,
  RUN_COLUMNS,
  type RunRow,
  type StoredText,
  textOf,
} from "./run_row.ts";
import { prepareStatements, ROWS_AT_ONCE } from "./statements.ts";

/** Rooms kept in memory before the cache is begun anew; a room is some 200 bytes. */
const CACHED_ROOMS = 10_000;

interface CachedRoom {
  readonly id: number;
  readonly name: string;
  lastSeq: number;
  /** Bytes of all its runs since it began. */
  total: number;
}

interface RoomRow extends CachedRoom {
  readonly firstSeq: number;
  readonly topic: StoredText;
}

export interface MessageLogOptions {
  /** @default {systemClock} */
  readonly clock?: Clock;
  /** Makes the checkpoints; without one, commits do. */
  readonly checkpointer?: Checkpointer;
  /** Has what is committed indexed; without one, searching takes longer. */
  readonly indexer?: Indexer;
}

/** Keeps events in `database`, which it closes in the end. */
export class SqliteMessageLog implements MessageLog {
  readonly #database: DatabaseSync;
  readonly #clock: Clock;
  readonly #checkpointer: Checkpointer | undefined;
  readonly #indexer: Indexer | undefined;
  /** By name as spelled, so that an event needs no key made; all spellings share one entry. */
  readonly #rooms = new Map<string, CachedRoom>();
  readonly #statements: ReturnType<typeof prepareStatements>;
  #lastId: number;
  #isOpen = true;

  /** @param database As `openDatabase` gives it. */
  constructor(database: DatabaseSync, options: MessageLogOptions = {}) {
    this.#database = database;
    this.#clock = options.clock ?? systemClock;
    this.#checkpointer = options.checkpointer;
    this.#indexer = options.indexer;
    this.#statements = prepareStatements(database);
    this.#lastId = (this.#statements.lastId.get() as { id: number }).id;
  }

  // deno-lint-ignore require-await -- what fails must reject, and a later store may have to wait
  async append(batch: readonly Draft[]): Promise<readonly RoomEvent[]> {
    this.#forgetRooms();
    this.#database.exec("BEGIN IMMEDIATE");
    let events: readonly RoomEvent[];
    try {
      events = this.#insert(batch);
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#abandon();
      throw error;
    }
    this.#lastId += events.length;
    this.#checkpointer?.wrote(sizeOf(events));
    this.#indexer?.wrote(this.#lastId);
    return events;
  }

  // deno-lint-ignore require-await
  async read(room: string, after: number, limit: number): Promise<RoomEvent[]> {
    this.#forgetRooms();
    const cached = this.#lookUp(room);
    if (!cached) return [];
    const events = this.#readRange(cached, after, after + limit);
    if (limit <= 0 || after >= cached.lastSeq || events[0]?.seq === after + 1) return events;
    // What came next is not kept any more: go on with what is.
    const { seq } = this.#statements.firstAfter.get(cached.id, after) as { seq: number | null };
    return seq === null ? [] : this.#readRange(cached, seq - 1, seq - 1 + limit);
  }

  // deno-lint-ignore require-await
  async room(name: string): Promise<RoomRecord | undefined> {
    const row = this.#findRoom(name);
    return row && toRecord(row);
  }

  // deno-lint-ignore require-await
  async rooms(limit: number): Promise<RoomRecord[]> {
    return (this.#statements.rooms.all(limit) as unknown as RoomRow[]).map(toRecord);
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#indexer?.close();
    await this.#checkpointer?.close();
    this.#database.close();
  }

  /** The events of a room with a `seq` above `after`, up to `last`. */
  #readRange(room: CachedRoom, after: number, last: number): RoomEvent[] {
    const rows = this.#statements.read.all(room.id, after + 1, last) as unknown as RunRow[];
    return rows.flatMap((row) => eventsOf(row, room.name))
      .filter(({ seq }) => seq > after && seq <= last);
  }

  #insert(batch: readonly Draft[]): RoomEvent[] {
    const at = this.#clock.now();
    const events: RoomEvent[] = [];
    let values: SQLInputValue[] = [];
    for (const [room, drafts] of this.#byRoom(batch)) {
      for (let start = 0, end = 0; start < drafts.length; start = end) {
        end = endOfRun(drafts, start);
        const run = this.#number(room, drafts.slice(start, end), this.#lastId + events.length, at);
        addRow(values, room, run);
        for (const event of run) events.push(event);
        if (values.length === ROWS_AT_ONCE * RUN_COLUMNS) {
          this.#statements.insertMany.run(...values);
          values = [];
        }
      }
      this.#note(room, drafts, at);
    }
    for (let start = 0; start < values.length; start += RUN_COLUMNS) {
      this.#statements.insert.run(...values.slice(start, start + RUN_COLUMNS));
    }
    return events;
  }

  /** Splits a batch by room, keeping the order within each. */
  #byRoom(batch: readonly Draft[]): Map<CachedRoom, Draft[]> {
    const rooms = new Map<CachedRoom, Draft[]>();
    let last: CachedRoom | undefined;
    let drafts: Draft[] = [];
    let name: string | undefined;
    for (const draft of batch) {
      if (draft.room !== name) {
        name = draft.room;
        const room = this.#rooms.get(name) ?? this.#lookUp(name) ?? this.#create(name);
        if (room !== last) {
          last = room;
          drafts = rooms.get(room) ?? [];
          if (drafts.length === 0) rooms.set(room, drafts);
        }
      }
      drafts.push(draft);
    }
    return rooms;
  }

  /** Makes events of drafts. */
  #number(room: CachedRoom, drafts: readonly Draft[], lastId: number, at: number): RoomEvent[] {
    return drafts.map(({ kind, from, body, fields, via, origin }) => {
      const seq = ++room.lastSeq;
      return { id: ++lastId, room: room.name, seq, at, kind, from, body, fields, via, origin };
    });
  }

  /**
   * Keeps what a room is about, when somebody came or went last, and up to where it has been told
   * of what was removed.
   */
  #note(room: CachedRoom, drafts: readonly Draft[], at: number): void {
    let topic: string | undefined;
    let isVisited = false;
    let told = 0;
    for (const draft of drafts) {
      if (draft.kind === "topic") topic = draft.body;
      else if (draft.kind === "gap") told = removedThrough(draft) ?? told;
      else if (isArrivalOrDeparture(draft)) isVisited = true;
    }
    if (topic !== undefined) this.#statements.setTopic.run(topic, room.id);
    if (isVisited) this.#statements.setVisited.run(at, room.id);
    if (told > 0) this.#statements.setTold.run(told, room.id);
  }

  #lookUp(name: string): CachedRoom | undefined {
    const known = this.#rooms.get(name);
    if (known) return known;
    const row = this.#findRoom(name);
    if (!row) return undefined;
    const { id, name: firstName, lastSeq, total } = row;
    return this.#cache(name, this.#rooms.get(firstName) ?? { id, name: firstName, lastSeq, total });
  }

  #findRoom(name: string): RoomRow | undefined {
    return this.#statements.room.get(nameKey(name)) as unknown as RoomRow | undefined;
  }

  #create(name: string): CachedRoom {
    const { lastInsertRowid } = this.#statements.createRoom.run(nameKey(name), name);
    return this.#cache(name, { id: Number(lastInsertRowid), name, lastSeq: 0, total: 0 });
  }

  #cache(name: string, room: CachedRoom): CachedRoom {
    this.#rooms.set(room.name, room);
    this.#rooms.set(name, room);
    return room;
  }

  /** Not in the middle of a batch: what it has given numbers to is not in the file yet. */
  #forgetRooms(): void {
    if (this.#rooms.size >= CACHED_ROOMS) this.#rooms.clear();
  }

  /** Undoes a batch, in the file and in memory: the numbers are read anew from what is there. */
  #abandon(): void {
    this.#rooms.clear();
    // Some failures, a full disk among them, have rolled back already.
    if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
  }
}

function toRecord({ name, firstSeq, lastSeq, topic }: RoomRow): RoomRecord {
  return { name, firstSeq, lastSeq, topic: textOf(topic) };
}

/** Bytes that a batch takes in the file, roughly. */
function sizeOf(events: readonly RoomEvent[]): number {
  let size = 0;
  for (const event of events) size += event.body.length + 64;
  return size;
}
