/**
 * All that the log asks of the database.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { RUN_COLUMNS, SELECTED_COLUMNS, whole } from "./run_row.ts";

/** Rows of `insertMany`: the call and its set-up cost as much as a row. */
export const ROWS_AT_ONCE = 32;

export function prepareStatements(database: DatabaseSync) {
  const last = (column: string) =>
    `(SELECT ${column} FROM run WHERE room_id = room.id ORDER BY seq DESC LIMIT 1)`;
  const room = `SELECT id, name, ${whole("topic")}, swept_seq + 1 AS firstSeq,
    coalesce(${last("seq + count - 1")}, swept_seq) AS lastSeq,
    coalesce(${last("total")}, swept_total) AS total FROM room`;
  const row = `(${Array(RUN_COLUMNS).fill("?").join(", ")})`;
  const prepare = (sql: string): StatementSync => database.prepare(sql);
  return {
    insert: prepare(`INSERT OR ROLLBACK INTO run VALUES ${row}`),
    insertMany: prepare(
      `INSERT OR ROLLBACK INTO run VALUES ${Array(ROWS_AT_ONCE).fill(row).join(", ")}`,
    ),
    lastId: prepare(
      `SELECT max(
        coalesce((SELECT id + count - 1 FROM run ORDER BY run.id DESC LIMIT 1), 0),
        coalesce((SELECT max(swept_id) FROM room), 0)
      ) AS id`,
    ),
    read: prepare(
      `SELECT ${SELECTED_COLUMNS} FROM run WHERE room_id = ?1 AND seq <= ?3 AND seq >= coalesce(
          (SELECT seq FROM run WHERE room_id = ?1 AND seq <= ?2 ORDER BY seq DESC LIMIT 1), 0)
        ORDER BY seq`,
    ),
    firstAfter: prepare("SELECT min(seq) AS seq FROM run WHERE room_id = ? AND seq > ?"),
    room: prepare(`${room} WHERE key = ?`),
    rooms: prepare(`${room} ORDER BY visited DESC LIMIT ?`),
    createRoom: prepare("INSERT INTO room (key, name) VALUES (?, ?)"),
    setTopic: prepare("UPDATE room SET topic = ? WHERE id = ?"),
    setTold: prepare(
      `UPDATE room SET told_seq = ?1, swept_for = CASE WHEN swept_seq > ?1 THEN swept_for ELSE 0 END
        WHERE id = ?2 AND told_seq < ?1`,
    ),
    setVisited: prepare("UPDATE room SET visited = ? WHERE id = ?"),
  };
}
