/**
 * What reading the past asks of the database. Every statement looks at a bounded number of rows (as
 * many as there are accounts, for the conversations of one), and finds them by an index.
 *
 * @module
 */

import { DIRECT_SIGN } from "../../../domain/direct_room.ts";
import type { DatabaseSync } from "node:sqlite";
import type { SeqRange } from "../../../domain/history/room_history.ts";
import { ROOM_EVENT_KINDS, SILENT_KINDS } from "../../../domain/room_event.ts";
import { SELECTED_COLUMNS, type StoredText, whole } from "../run_row.ts";

/** A room. */
export interface RoomRecordRow {
  readonly id: number;
  readonly name: string;
  readonly topic: StoredText;
  readonly topicBy: string;
  /** 0 if it is not known. */
  readonly topicAt: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** A run without its texts. */
export interface RunHeadRow {
  readonly seq: number;
  readonly count: number;
  /** Of its texts. */
  readonly bytes: number;
}

/** A run and its time. */
export interface TimedRunRow {
  readonly seq: number;
  readonly count: number;
  readonly at: number;
}

/** The statements of `HistoryQueries`, which says what they are for. */
export function prepareHistoryStatements(database: DatabaseSync) {
  const prepare = (sql: string) => database.prepare(sql);
  const room = `SELECT id, name, ${whole("topic")}, topic_by AS topicBy,
    topic_at AS topicAt, swept_seq + 1 AS firstSeq,
    coalesce((SELECT seq + count - 1 FROM run WHERE room_id = room.id ORDER BY run.seq DESC LIMIT 1),
      swept_seq) AS lastSeq FROM room`;
  const isTalk = `kind NOT IN (${SILENT_KINDS.map((kind) => ROOM_EVENT_KINDS.indexOf(kind))})`;
  const runs = "FROM run WHERE room_id = ?1 AND seq >= ?2";
  // Texts stand last in a row: their lengths are read without them.
  const heads = `SELECT seq, count,
    octet_length(bodies) + coalesce(octet_length(fields), 0) AS bytes ${runs} AND seq < ?3`;
  return {
    room: prepare(`${room} WHERE key = ?`),
    // Rooms of two begin with the sign; they are in no list.
    rooms: prepare(`${room} WHERE key NOT GLOB '${DIRECT_SIGN}*' ORDER BY visited DESC LIMIT ?`),
    // The first party begins the key, the second has an index: `@ann+bob`.
    directRooms: prepare(
      `SELECT * FROM (${room} WHERE key > '@' || :account || '+' AND key < '@' || :account || ','
          UNION ALL ${room} WHERE key >= '@' AND key < 'A'
            AND substr(key, instr(key, '+') + 1) = :account
            AND key <> '@' || :account || '+' || :account) AS direct
        ORDER BY coalesce(
          (SELECT run.id FROM run WHERE room_id = direct.id ORDER BY run.seq DESC LIMIT 1), 0) DESC
        LIMIT :limit`,
    ),
    /** Where the run begins that has event ?2; ?2 if there is none. */
    start: prepare(
      `SELECT coalesce((SELECT iif(seq + count > ?2, seq, ?2) FROM run
        WHERE room_id = ?1 AND seq <= ?2 ORDER BY seq DESC LIMIT 1), ?2) AS seq`,
    ),
    /** The run that has event ?2, or the one before that. */
    timeOf: prepare(
      "SELECT seq, count, at FROM run WHERE room_id = ?1 AND seq <= ?2 ORDER BY seq DESC LIMIT 1",
    ),
    firstHeads: prepare(`${heads} ORDER BY seq LIMIT ?4`),
    lastHeads: prepare(`${heads} ORDER BY seq DESC LIMIT ?4`),
    firstTalk: prepare(`${heads} AND ${isTalk} ORDER BY seq LIMIT ?4`),
    lastTalk: prepare(`${heads} AND ${isTalk} ORDER BY seq DESC LIMIT ?4`),
    runs: prepare(`SELECT ${SELECTED_COLUMNS} ${runs} AND seq < ?3 ORDER BY seq`),
    talk: prepare(`SELECT ${SELECTED_COLUMNS} ${runs} AND seq < ?3 AND ${isTalk} ORDER BY seq`),
    /** The last event in at most ?4 runs and, beyond the first of them, ?5 bytes. */
    lastWithin: prepare(
      `SELECT max(seq + count) - 1 AS last
        FROM (SELECT seq, count, total ${runs} AND seq < ?3 ORDER BY seq LIMIT ?4)
        WHERE total <= ?5 + (SELECT total ${runs} ORDER BY seq LIMIT 1)`,
    ),
    levels: prepare(
      `SELECT seq, count, at, fields ${runs} AND seq < ?3 AND fields IS NOT NULL
        AND kind = ${ROOM_EVENT_KINDS.indexOf("log")} ORDER BY seq`,
    ),
    /** Like `times`, but for all time at once, which needs no sorting. */
    timeSpan: prepare(
      `SELECT 0 AS part, sum(last - first + 1) AS count, min(first) AS first, max(last) AS last,
          min(at) AS earliest, max(at) AS latest, count(*) AS runs
        FROM (SELECT at, max(seq, :after + 1) AS first, min(seq + count, :before) - 1 AS last
          FROM run WHERE room_id = :room AND seq >= :start AND seq < :before
          ORDER BY seq LIMIT :limit)
        HAVING runs > 0`,
    ),
    times: prepare(
      `SELECT part, sum(last - first + 1) AS count, min(first) AS first, max(last) AS last,
          min(at) AS earliest, max(at) AS latest, count(*) AS runs
        FROM (SELECT at, max(seq, :after + 1) AS first, min(seq + count, :before) - 1 AS last,
            CASE WHEN at < :since THEN -1 WHEN at >= :until THEN :parts
              ELSE CAST((at - :since) * :parts / (:until - :since) AS INTEGER) END AS part
          FROM run WHERE room_id = :room AND seq >= :start AND seq < :before
          ORDER BY seq LIMIT :limit)
        GROUP BY part`,
    ),
  };
}

/** How far reading runs went. */
export interface Reached {
  readonly count: number;
  /** The number of the last event in the direction of reading; `undefined` for none. */
  readonly edge: number | undefined;
  /** Whether there was enough, or too much text. */
  readonly isCut: boolean;
}

/**
 * How many events of these runs fit into an answer, those first that come first.
 *
 * @param heads All overlap the range.
 */
export function reach(
  heads: readonly RunHeadRow[],
  { after, before }: SeqRange,
  { limit, bytes: mostBytes }: { readonly limit: number; readonly bytes: number },
  isForward = true,
): Reached {
  let count = 0;
  let bytes = 0;
  let edge: number | undefined;
  for (const head of heads) {
    bytes += head.bytes;
    if (count > 0 && bytes > mostBytes) return { count, edge, isCut: true };
    const first = Math.max(head.seq, after + 1);
    const last = Math.min(head.seq + head.count, before) - 1;
    const taken = Math.min(last - first + 1, limit - count);
    count += taken;
    edge = isForward ? first + taken - 1 : last - taken + 1;
    if (count === limit) return { count, edge, isCut: true };
  }
  return { count, edge, isCut: false };
}
