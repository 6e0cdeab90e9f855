/**
 * An event as a row of the database, there and back.
 *
 * @module
 */

import type { SQLInputValue } from "node:sqlite";
import { ROOM_EVENT_KINDS, type RoomEvent } from "../../domain/room_event.ts";

/** Columns of the table of events. */
export const EVENT_COLUMNS = 10;

/** Text as it is read with {@linkcode whole}. */
export type StoredText = string | Uint8Array;

/** A row as it is read with {@linkcode SELECTED_COLUMNS}. */
export interface EventRow {
  readonly id: number;
  readonly seq: number;
  readonly at: number;
  readonly kind: number;
  readonly sender: StoredText;
  readonly body: StoredText;
  readonly fields: string | null;
  readonly via: string | null;
  readonly origin: number | null;
}

/** What to select so that {@linkcode fromRow} has all that it needs. */
export const SELECTED_COLUMNS = `id, seq, at, kind, ${whole("sender")}, ${whole("body")},
  fields, via, origin`;

const KIND_NUMBERS = Object.fromEntries(
  ROOM_EVENT_KINDS.map((kind, number) => [kind, number]),
) as Record<RoomEvent["kind"], number>;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Selects a column of text; `node:sqlite` would end a text at its first NUL. */
export function whole(column: string): string {
  return `CASE WHEN instr(${column}, char(0)) THEN CAST(${column} AS BLOB) ELSE ${column} END
    AS ${column}`;
}

export function textOf(stored: StoredText): string {
  return typeof stored === "string" ? stored : decoder.decode(stored);
}

/** Adds the event's row to `values`. */
export function addRow(values: SQLInputValue[], room: number, event: RoomEvent): void {
  values.push(
    event.id,
    room,
    event.seq,
    event.at,
    KIND_NUMBERS[event.kind],
    event.from,
    event.body,
    event.fields ? JSON.stringify(event.fields) : null,
    event.via ?? null,
    event.origin ?? null,
  );
}

/** The event in a row of that room. */
export function fromRow(row: EventRow, room: string): RoomEvent {
  return {
    id: row.id,
    room,
    seq: row.seq,
    at: row.at,
    kind: ROOM_EVENT_KINDS[row.kind],
    from: textOf(row.sender),
    body: textOf(row.body),
    fields: row.fields === null ? undefined : JSON.parse(row.fields),
    via: row.via ?? undefined,
    origin: row.origin ?? undefined,
  };
}
