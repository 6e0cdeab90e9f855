/**
 * Converts runs of events to rows of the database and back. A run is consecutive events of one
 * kind, from one sender, in one room, with one time, numbered without a gap: a burst of 1000 log
 * lines takes a few rows in the table and in each index, not 1000.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { SQLInputValue } from "node:sqlite";
import { ROOM_EVENT_KINDS, type RoomEvent, type RoomEventKind } from "../../domain/room_event.ts";
import { packFields, unpackFields } from "./run_fields.ts";

/** The most events of a run: reading one of them means reading all. */
const RUN_EVENTS = 256;
/** Characters of text after which a run ends. */
const RUN_CHARACTERS = 32 * 1024;

/** Columns of the table `run`. */
export const RUN_COLUMNS = 12;
/** Approximate bytes of a run besides its texts. */
const RUN_OVERHEAD = 64;

/** Text read with {@linkcode whole}. */
export type StoredText = string | Uint8Array;

/** A row read with {@linkcode SELECTED_COLUMNS}. */
export interface RunRow {
  /** Of the first event; those of the others follow. */
  readonly id: number;
  /** Of the first event; those of the others follow. */
  readonly seq: number;
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** As {@linkcode kindOf} reads it. */
  readonly kind: number;
  readonly sender: StoredText;
  readonly via: string | null;
  readonly origin: number | null;
  /** A JSON array with the body of each event. */
  readonly bodies: string;
  /** JSON with the fields of the events, see `run_fields.ts`; `null` if none has any. */
  readonly fields: string | null;
}

/** The columns that {@linkcode eventsOf} needs. */
export const SELECTED_COLUMNS = `id, seq, count, at, kind, ${whole("sender")}, via, origin,
  bodies, fields`;

const KIND_NUMBERS = Object.fromEntries(
  ROOM_EVENT_KINDS.map((kind, number) => [kind, number]),
) as Record<RoomEvent["kind"], number>;

/** The kind with this number; `notice` if only a later version knows it. */
export function kindOf(number: number): RoomEventKind {
  return ROOM_EVENT_KINDS[number] ?? "notice";
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Selects a text column whole; `node:sqlite` would end the text at its first NUL. */
export function whole(column: string): string {
  return `CASE WHEN instr(${column}, char(0)) THEN CAST(${column} AS BLOB) ELSE ${column} END
    AS ${column}`;
}

/** The text, in whichever form it was read. */
export function textOf(stored: StoredText): string {
  return typeof stored === "string" ? stored : decoder.decode(stored);
}

/** The index after the last event of the run that begins with `events[start]`. */
export function endOfRun(events: readonly RoomEvent[], start: number): number {
  const { id, room, seq, at, kind, from, via, origin, body } = events[start];
  const limit = Math.min(events.length, start + RUN_EVENTS);
  let characters = body.length;
  let end = start + 1;
  for (; end < limit; end++) {
    const event = events[end];
    if (event.from !== from || event.kind !== kind || event.origin !== origin) break;
    if (event.via !== via || event.room !== room || event.at !== at) break;
    if (event.id - id !== end - start || event.seq - seq !== end - start) break;
    characters += event.body.length;
    if (characters > RUN_CHARACTERS) break;
  }
  return end;
}

/** A room that grows by {@linkcode addRow}. */
export interface GrowingRoom {
  readonly id: number;
  /** Bytes of all its runs, removed ones included. */
  total: number;
}

/** Adds the row of the run from `start` up to, not including, `end`, and its bytes to the room. */
export function addRow(
  values: SQLInputValue[],
  room: GrowingRoom,
  events: readonly RoomEvent[],
  start: number,
  end: number,
): void {
  const { id, seq, at, kind, from, via, origin } = events[start];
  const texts: string[] = [];
  let hasFields = false;
  for (let index = start; index < end; index++) {
    texts.push(events[index].body);
    if (events[index].fields !== undefined) hasFields = true;
  }
  const bodies = JSON.stringify(texts);
  const fields = hasFields
    ? packFields(events.slice(start, end).map(({ fields }) => fields))
    : null;
  room.total += bytesOfRun(bodies, fields);
  values.push(
    id,
    room.id,
    seq,
    end - start,
    room.total,
    at,
    KIND_NUMBERS[kind],
    from,
    via ?? null,
    origin ?? null,
    bodies,
    fields,
  );
}

/** The size of a run with these two columns of JSON. */
function bytesOfRun(bodies: string, fields: string | null): number {
  return RUN_OVERHEAD + Buffer.byteLength(bodies) + (fields ? Buffer.byteLength(fields) : 0);
}

/** The events in a row of a room. */
export function eventsOf(row: RunRow, room: string): RoomEvent[] {
  const bodies: string[] = JSON.parse(row.bodies);
  const fields = row.fields === null ? undefined : unpackFields(row.fields, row.count);
  const from = textOf(row.sender);
  return bodies.map((body, index) => ({
    id: row.id + index,
    room,
    seq: row.seq + index,
    at: row.at,
    kind: kindOf(row.kind),
    from,
    body,
    fields: fields?.[index] ?? undefined,
    via: row.via ?? undefined,
    origin: row.origin ?? undefined,
  }));
}
