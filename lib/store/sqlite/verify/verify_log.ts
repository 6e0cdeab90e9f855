/**
 * Checks the log: that every number has exactly one event, and that all events can be read.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { countText, groupDigits } from "../../../domain/wording.ts";
import { isWhole } from "../run_fields.ts";
import { checkFile, damage, type Finding, firstFew, note } from "./finding.ts";
import { findUnredacted, redactionsOf, type StoredRedaction } from "./verify_redactions.ts";

interface Row {
  readonly id: number;
  readonly room: number;
  readonly seq: number;
  readonly count: number;
  /** Bytes of the room's runs up to and including this one. */
  readonly total: number;
  readonly kind: number;
  readonly bodies: string;
  readonly fields: string | null;
}

interface Room {
  readonly id: number;
  readonly name: string;
  /** The number of the last event that retention removed. */
  readonly sweptSeq: number;
  /** Bytes of the removed events. */
  readonly sweptTotal: number;
}

/** A room so far, while its runs are read. */
interface Tally {
  readonly room: Room;
  /** The next expected number. */
  next: number;
  events: number;
  total: number;
}

/**
 * Reads a snapshot of the whole log; the server may be running.
 *
 * @param log From `openLogToRead`.
 */
export function* verifyLog(log: DatabaseSync): Generator<Finding> {
  log.exec("BEGIN");
  try {
    yield* checkFile(log, "log");
    const tallies = new Map<number, Tally>();
    for (const room of readRooms(log)) {
      tallies.set(room.id, { room, next: room.sweptSeq + 1, events: 0, total: room.sweptTotal });
    }
    const redactions: StoredRedaction[] = [];
    yield* firstFew(verifyRuns(log, tallies, redactions));
    yield* firstFew(findUnredacted(log, redactions));
    yield* verifyEnd(log, [...tallies.values()]);
    for (const { room, next, events } of tallies.values()) yield note(summary(room, next, events));
  } finally {
    if (log.isTransaction) log.exec("COMMIT");
  }
}

function* verifyRuns(
  log: DatabaseSync,
  tallies: Map<number, Tally>,
  redactions: StoredRedaction[],
): Generator<Finding> {
  const rows = log.prepare(
    "SELECT id, room_id AS room, seq, count, total, kind, bodies, fields FROM run ORDER BY id",
  ).iterate() as Iterable<unknown> as Iterable<Row>;
  const kinds = new Set(log.prepare("SELECT number FROM kind").all().map(({ number }) => number));
  let nextId = 1;
  for (const row of rows) {
    const tally = tallies.get(row.room);
    if (!tally) {
      yield damage(`log: event ${row.id} belongs to a room that does not exist (${row.room})`);
      continue;
    }
    for (const fault of placeFaults(row, tally.room.name, { ...tally, nextId })) {
      yield damage(fault);
    }
    yield* verifyTexts(row, tally.room.name, kinds);
    redactions.push(...redactionsOf(row, tally.room));
    tally.next = Math.max(tally.next, row.seq + row.count);
    tally.events += row.count;
    tally.total = row.total;
    nextId = row.id + row.count;
  }
}

/**
 * Checks where a run stands: right after the one before it in the log, and in its room.
 *
 * @param name The name of its room.
 * @param before The next expected id and number, and the room's bytes before the run.
 * @returns A sentence for each fault, without a full stop.
 */
export function* placeFaults(
  { id, seq, count, total }: Pick<Row, "id" | "seq" | "count" | "total">,
  name: string,
  before: { readonly nextId: number; readonly next: number; readonly total: number },
): Generator<string> {
  if (count < 1) yield `${name}#${seq}: it has ${count} events`;
  if (id < before.nextId) yield `${name}#${seq}: event ${id} exists twice`;
  if (seq > before.next) yield missingText(name, before.next, seq - 1);
  if (seq < before.next) yield `${name}#${seq} exists twice`;
  if (total <= before.total) yield `${name}#${seq}: the size of the room is wrong`;
}

/** Checks the texts of a run. */
export function* verifyTexts(
  { seq, count, kind, bodies, fields }: Pick<Row, "seq" | "count" | "kind" | "bodies" | "fields">,
  name: string,
  kinds: ReadonlySet<unknown>,
): Generator<Finding> {
  if (!kinds.has(kind)) {
    yield damage(`${name}#${seq}: there is no kind ${kind}`);
  }
  const texts = parseArray(bodies);
  if (!texts?.every((text) => typeof text === "string") || texts.length !== count) {
    yield damage(`${name}#${seq}: its text cannot be read`);
  }
  if (fields !== null && !isWhole(fields, count)) {
    yield damage(`${name}#${seq}: its fields cannot be read`);
  }
}

/** Finds events missing at the ends of rooms, where there is no later number. */
function* verifyEnd(log: DatabaseSync, tallies: readonly Tally[]): Generator<Finding> {
  const row = log.prepare(
    `SELECT max(
      coalesce((SELECT id + count - 1 FROM run ORDER BY run.id DESC LIMIT 1), 0),
      coalesce((SELECT max(swept_id) FROM room), 0)
    ) AS lastId`,
  ).get()!;
  const lastId = row.lastId as number;
  const numbered = tallies.reduce((sum, { next }) => sum + next - 1, 0);
  if (numbered < lastId) {
    yield damage(`log: ${countText(lastId - numbered, "event")} missing at the end of a room`);
  }
}

function readRooms(log: DatabaseSync): Room[] {
  return log.prepare(
    "SELECT id, name, swept_seq AS sweptSeq, swept_total AS sweptTotal FROM room ORDER BY id",
  )
    .all() as unknown as Room[];
}

function parseArray(json: string): unknown[] | undefined {
  try {
    const value = JSON.parse(json);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Says which numbers of a room have no event. */
function missingText(name: string, first: number, last: number): string {
  return first === last
    ? `${name}#${first} is missing`
    : `${name}#${first} to ${name}#${last} are missing, ${groupDigits(last - first + 1)} events`;
}

function summary({ name, sweptSeq }: Room, next: number, events: number): string {
  const kept = `#${name}: ${countText(events, "event")}`;
  const range = events === 0 ? "" : `, up to #${next - 1}`;
  return sweptSeq === 0 ? kept + range : `${kept}${range}; ${groupDigits(sweptSeq)} no longer kept`;
}
