/**
 * Checks the log: that every event is there that has a number, once, and can be read.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { ROOM_EVENT_KINDS } from "../../../domain/room_event.ts";
import { bytesOfRun } from "../run_row.ts";
import { checkFile, damage, type Finding, firstFew, note, numberText } from "./finding.ts";

interface Row {
  readonly id: number;
  readonly room: number;
  readonly seq: number;
  readonly count: number;
  readonly total: number;
  readonly kind: number;
  readonly bodies: string;
  readonly fields: string | null;
}

interface Room {
  readonly id: number;
  readonly name: string;
  /** The number of the last event that is no longer kept. */
  readonly sweptSeq: number;
  /** Bytes of what is no longer kept. */
  readonly sweptTotal: number;
}

/** What is known of a room while its runs are gone through. */
interface Tally {
  readonly room: Room;
  /** The number that comes next. */
  next: number;
  /** Bytes of all before that. */
  total: number;
  events: number;
}

/**
 * Goes through the whole log, in one moment of it; the server may go on meanwhile.
 *
 * @param log As `openLogToRead` gives it.
 */
export function* verifyLog(log: DatabaseSync): Generator<Finding> {
  log.exec("BEGIN");
  try {
    yield* checkFile(log, "log");
    const tallies = new Map<number, Tally>();
    for (const room of readRooms(log)) {
      const { sweptSeq, sweptTotal } = room;
      tallies.set(room.id, { room, next: sweptSeq + 1, total: sweptTotal, events: 0 });
    }
    yield* firstFew(verifyRuns(log, tallies), "like these");
    yield* verifyEnd(log, [...tallies.values()]);
    for (const { room, next, events } of tallies.values()) yield note(summary(room, next, events));
  } finally {
    if (log.isTransaction) log.exec("COMMIT");
  }
}

function* verifyRuns(log: DatabaseSync, tallies: Map<number, Tally>): Generator<Finding> {
  const rows = log.prepare(
    `SELECT id, room_id AS room, seq, count, total, kind, bodies, fields FROM run ORDER BY id`,
  ).iterate() as Iterable<unknown> as Iterable<Row>;
  let nextId = 1;
  for (const row of rows) {
    const tally = tallies.get(row.room);
    if (!tally) {
      yield damage(`log: event ${row.id} is of a room that does not exist (${row.room})`);
      continue;
    }
    yield* verifyPlace(row, tally, nextId);
    yield* verifyTexts(row, tally.room.name);
    yield* verifyTotal(row, tally);
    tally.total = row.total;
    tally.next = Math.max(tally.next, row.seq + row.count);
    tally.events += row.count;
    nextId = row.id + row.count;
  }
}

function* verifyPlace({ id, seq, count }: Row, tally: Tally, nextId: number): Generator<Finding> {
  const { name } = tally.room;
  if (count < 1) yield damage(`${name}#${seq}: there are ${count} events`);
  if (id < nextId) yield damage(`${name}#${seq}: event ${id} is there twice`);
  if (seq > tally.next) yield damage(missing(name, tally.next, seq - 1));
  if (seq < tally.next) yield damage(`${name}#${seq} is there twice`);
}

/** Where something is missing, that has been said. */
function* verifyTotal({ seq, total, bodies, fields }: Row, tally: Tally): Generator<Finding> {
  if (seq !== tally.next || total === tally.total + bytesOfRun(bodies, fields)) return;
  yield damage(`${tally.room.name}#${seq}: its bytes are counted wrongly`);
}

function* verifyTexts({ seq, count, kind, bodies, fields }: Row, name: string): Generator<Finding> {
  if (ROOM_EVENT_KINDS[kind] === undefined) {
    yield damage(`${name}#${seq}: there is no kind ${kind} of events`);
  }
  const texts = parseArray(bodies);
  if (!texts?.every((text) => typeof text === "string") || texts.length !== count) {
    yield damage(`${name}#${seq}: what was said cannot be read`);
  }
  if (fields !== null && parseArray(fields)?.length !== count) {
    yield damage(`${name}#${seq}: its fields cannot be read`);
  }
}

/** Finds what is missing at the ends of rooms, where no number after it tells. */
function* verifyEnd(log: DatabaseSync, tallies: readonly Tally[]): Generator<Finding> {
  const { last } = log.prepare("SELECT coalesce(max(id), 0) AS last FROM run").get()!;
  const { count } = log.prepare("SELECT coalesce(max(count), 0) AS count FROM run WHERE id = ?")
    .get(last)!;
  const lastId = (last as number) + (count as number) - (count === 0 ? 0 : 1);
  const numbered = tallies.reduce((sum, { next }) => sum + next - 1, 0);
  if (numbered < lastId) {
    yield damage(`log: ${numberText(lastId - numbered, "event")} at the end of a room missing`);
  }
}

function readRooms(log: DatabaseSync): Room[] {
  return log.prepare(
    "SELECT id, name, swept_seq AS sweptSeq, swept_total AS sweptTotal FROM room ORDER BY id",
  ).all() as unknown as Room[];
}

function parseArray(json: string): unknown[] | undefined {
  try {
    const value = JSON.parse(json);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function missing(name: string, first: number, last: number): string {
  return first === last
    ? `${name}#${first} is missing`
    : `${name}#${first} to ${name}#${last} are missing, ${numberText(last - first + 1)} events`;
}

function summary({ name, sweptSeq }: Room, next: number, events: number): string {
  const kept = `#${name}: ${numberText(events, "event")}`;
  const range = events === 0 ? "" : `, up to #${next - 1}`;
  return sweptSeq === 0 ? kept + range : `${kept}${range}; ${numberText(sweptSeq)} no longer kept`;
}
