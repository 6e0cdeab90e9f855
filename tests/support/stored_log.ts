/** Reads the events in the log's file without the program's code. */

import { DatabaseSync } from "node:sqlite";

export interface StoredEvent {
  readonly id: number;
  readonly room: string;
  readonly seq: number;
  readonly kind: string;
  readonly from: string;
  readonly body: string;
  readonly via: string | null;
  readonly fields: Record<string, unknown> | null;
}

/** All events in the data directory, ordered by id. */
export function readStoredEvents(data: string): StoredEvent[] {
  const database = new DatabaseSync(`${data}/partyline.db`, { readOnly: true });
  try {
    const rows = database.prepare(
      'SELECT id, room, seq, kind, sender AS "from", body, via, fields FROM event ORDER BY id',
    ).all() as unknown as (Omit<StoredEvent, "fields"> & { fields: string | null })[];
    return rows.map((row) => ({ ...row, fields: row.fields && JSON.parse(row.fields) }));
  } finally {
    database.close();
  }
}

/** The events by room, ordered by id. */
export function byRoom(events: readonly StoredEvent[]): Map<string, StoredEvent[]> {
  return Map.groupBy(events, ({ room }) => room);
}

/** Describes the first event whose number is not consecutive; `undefined` if all are. */
export function findHole(events: readonly StoredEvent[]): string | undefined {
  const wrongId = events.findIndex(({ id }, index) => id !== index + 1);
  if (wrongId !== -1) return `id ${events[wrongId].id} at position ${wrongId + 1}`;
  for (const [room, own] of byRoom(events)) {
    const wrong = own.findIndex(({ seq }, index) => seq !== index + 1);
    if (wrong !== -1) return `#${room} has #${own[wrong].seq} at position ${wrong + 1}`;
  }
  return undefined;
}
