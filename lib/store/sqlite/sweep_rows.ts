/**
 * The statements of a sweep, and the meaning of their rows.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { REACTIONS_SERVICE } from "../../domain/acts/act_state.ts";
import {
  RETENTION_REASONS,
  type RetentionReason,
  type RunExtent,
} from "../../domain/retention/retention.ts";
import { removedThrough } from "../../domain/retention/retention_gap.ts";
import { ROOM_EVENT_KINDS } from "../../domain/room_event.ts";
import { unpackFields } from "./run_fields.ts";

/**
 * Runs at the beginning of a room that are looked at, even if only one is removed: events from a
 * time when the clock was ahead must not protect what came after them.
 */
export const LOOKED_AT_RUNS = 256;

/** A room's extent. */
export interface RoomRow {
  readonly id: number;
  readonly room: string;
  /** The earliest of its first runs, milliseconds since 1970; `null` if it has none. */
  readonly firstAt: number | null;
  readonly bytes: number;
  /** The last event that was removed; 0 for none. */
  readonly sweptSeq: number;
  /** The last event that a `gap` tells of. */
  readonly toldSeq: number;
  /** Why those after it were removed, as {@linkcode reasonsOf} reads it. */
  readonly sweptFor: number;
}

/** A room before a step. */
export interface StateRow {
  readonly sweptSeq: number;
  /** Bytes of the runs in the log. */
  readonly bytes: number;
  /** Bytes of all runs, removed ones included. */
  readonly total: number;
}

/** A run without its texts. */
export interface HeadRow {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Bytes of the runs of the room up to and including this one, removed ones included. */
  readonly total: number;
  readonly count: number;
  readonly lastSeq: number;
  readonly lastId: number;
  readonly kind: number;
  readonly sender: string;
  readonly fields: string | null;
}

/** @param total Bytes of all runs before these. */
export function headsOf(rows: readonly HeadRow[], total: number): RunExtent[] {
  return rows.map((row, index) => {
    const bytes = row.total - (rows[index - 1]?.total ?? total);
    return { at: row.at, bytes, isRetentionGap: isRetentionGap(row) };
  });
}

function isRetentionGap({ kind, sender: from, count, fields: all }: HeadRow): boolean {
  if (ROOM_EVENT_KINDS[kind] !== "gap" || all === null) return false;
  return unpackFields(all, count).every((fields) => {
    const draft = { room: "", kind: "gap", from, body: "", fields: fields ?? undefined } as const;
    return removedThrough(draft) !== undefined;
  });
}

/** Reasons as the database stores them: a bit for each, in the order of `RETENTION_REASONS`. */
export function bitsOf(reasons: ReadonlySet<RetentionReason>): number {
  return RETENTION_REASONS.reduce(
    (bits, reason, index) => reasons.has(reason) ? bits | 1 << index : bits,
    0,
  );
}

/** The reasons that {@linkcode bitsOf} has written. */
export function reasonsOf(bits: number): RetentionReason[] {
  return RETENTION_REASONS.filter((_, index) => (bits & 1 << index) !== 0);
}

export function prepareSweepStatements(database: DatabaseSync) {
  const total = `coalesce((SELECT total FROM run WHERE room_id = room.id ORDER BY seq DESC LIMIT 1),
    swept_total)`;
  const gap = ROOM_EVENT_KINDS.indexOf("gap");
  return {
    extents: database.prepare(
      `SELECT id, name AS room, swept_seq AS sweptSeq, told_seq AS toldSeq, swept_for AS sweptFor,
        (SELECT min(at) FROM
          (SELECT at FROM run WHERE room_id = room.id ORDER BY seq LIMIT ${LOOKED_AT_RUNS})) AS firstAt,
        ${total} - swept_total AS bytes FROM room WHERE id > ? ORDER BY id LIMIT ?`,
    ),
    state: database.prepare(
      `SELECT sweptSeq, total, total - swept_total AS bytes FROM
        (SELECT swept_seq AS sweptSeq, swept_total, ${total} AS total FROM room WHERE id = ?)`,
    ),
    // Texts are the last columns of a row and are not read.
    heads: database.prepare(
      `SELECT at, total, count, seq + count - 1 AS lastSeq, id + count - 1 AS lastId, kind,
        CASE WHEN kind = ${gap} THEN sender ELSE '' END AS sender,
        CASE WHEN kind = ${gap} THEN fields END AS fields
        FROM run WHERE room_id = ? AND seq > ? ORDER BY seq LIMIT ?`,
    ),
    // Runs are the same on all nodes of a cluster, so none is covered in part.
    told: database.prepare(
      `SELECT total, seq + count - 1 AS lastSeq, run.id + count - 1 AS lastId
        FROM run JOIN room ON room.id = room_id
        WHERE room_id = ? AND seq + count - 1 <= told_seq ORDER BY seq LIMIT ?`,
    ),
    remove: database.prepare("DELETE FROM run WHERE room_id = ? AND seq <= ?"),
    /** Of events up to number ?2. */
    removeReactions: database.prepare(
      `DELETE FROM state WHERE service = '${REACTIONS_SERVICE}'
        AND key > (SELECT key || '#' FROM room WHERE id = ?1)
        AND key <= (SELECT printf('%s#%016d', key, ?2) FROM room WHERE id = ?1)`,
    ),
    note: database.prepare(
      `UPDATE room SET swept_seq = ?, swept_id = ?, swept_total = ?, swept_for = swept_for | ?
        WHERE id = ?`,
    ),
  };
}
