/**
 * Reads the past of rooms from the SQLite file, on any connection.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import type { RoomHistory, RoomRecord } from "../../domain/message_log.ts";
import { nameKey } from "../../domain/name.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import { LogReader } from "./log_reader.ts";
import { type StoredText, textOf, whole } from "./run_row.ts";

type RecordRow = RoomRecord & { readonly topic: StoredText };

export class SqliteRoomHistory implements RoomHistory {
  readonly #reader: LogReader;
  readonly #statements: ReturnType<typeof prepareStatements>;

  /** @param log Any connection to the log; the caller closes it. */
  constructor(log: DatabaseSync) {
    this.#reader = new LogReader(log);
    this.#statements = prepareStatements(log);
  }

  // deno-lint-ignore require-await -- what fails must reject
  async read(name: string, after: number, limit: number): Promise<RoomEvent[]> {
    const room = limit > 0 ? this.#reader.room(name) : undefined;
    if (!room) return [];
    const events = this.#reader.range(room.id, after + 1, after + limit);
    if (events[0]?.seq === after + 1) return events;
    // Retention has removed the next events: continue with the first that are left.
    const { seq } = this.#statements.firstAfter.get(room.id, after) as { seq: number | null };
    return seq === null ? [] : this.#reader.range(room.id, seq, seq - 1 + limit);
  }

  // deno-lint-ignore require-await
  async room(name: string): Promise<RoomRecord | undefined> {
    const row = this.#statements.room.get(nameKey(name)) as unknown as RecordRow | undefined;
    return row && toRecord(row);
  }

  // deno-lint-ignore require-await
  async rooms(limit: number): Promise<RoomRecord[]> {
    return (this.#statements.rooms.all(limit) as unknown as RecordRow[]).map(toRecord);
  }
}

function toRecord({ name, firstSeq, lastSeq, topic }: RecordRow): RoomRecord {
  return { name, firstSeq, lastSeq, topic: textOf(topic) };
}

function prepareStatements(log: DatabaseSync) {
  const room = `SELECT name, ${whole("topic")}, swept_seq + 1 AS firstSeq,
    coalesce((SELECT seq + count - 1 FROM run WHERE room_id = room.id ORDER BY seq DESC LIMIT 1),
      swept_seq) AS lastSeq FROM room`;
  return {
    firstAfter: log.prepare("SELECT min(seq) AS seq FROM run WHERE room_id = ? AND seq > ?"),
    room: log.prepare(`${room} WHERE key = ?`),
    rooms: log.prepare(`${room} ORDER BY visited DESC LIMIT ?`),
  };
}
