/**
 * All that the log asks of the database.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { EVENT_COLUMNS, SELECTED_COLUMNS, whole } from "./event_row.ts";

/** Rows of `insertMany`: the call and its set-up cost as much as a row. */
export const ROWS_AT_ONCE = 32;

export function prepareStatements(database: DatabaseSync) {
  const room = `SELECT id, name, ${whole("topic")},
      coalesce((SELECT max(seq) FROM event WHERE room_id = room.id), 0) AS lastSeq FROM room`;
  const row = `(${Array(EVENT_COLUMNS).fill("?").join(", ")})`;
  const prepare = (sql: string): StatementSync => database.prepare(sql);
  return {
    insert: prepare(`INSERT OR ROLLBACK INTO event VALUES ${row}`),
    insertMany: prepare(
      `INSERT OR ROLLBACK INTO event VALUES ${Array(ROWS_AT_ONCE).fill(row).join(", ")}`,
    ),
    lastId: prepare("SELECT max(id) AS id FROM event"),
    read: prepare(
      `SELECT ${SELECTED_COLUMNS} FROM event
        WHERE room_id = ? AND seq > ? ORDER BY seq LIMIT ?`,
    ),
    room: prepare(`${room} WHERE key = ?`),
    rooms: prepare(`${room} ORDER BY visited DESC LIMIT ?`),
    createRoom: prepare("INSERT INTO room (key, name) VALUES (?, ?)"),
    setTopic: prepare("UPDATE room SET topic = ? WHERE id = ?"),
    setVisited: prepare("UPDATE room SET visited = ? WHERE id = ?"),
  };
}
