/**
 * The past of a room as rows of a window, read from the log in pieces: some rows before or after a
 * place.
 *
 * @module
 */

import type { PermittedRooms } from "../../../domain/archive/permitted_rooms.ts";
import type { RoomEvent } from "../../../domain/room_event.ts";
import { withUnkeptAsGaps } from "../../../domain/unlogged.ts";
import { startOfDay } from "../../../domain/wording.ts";

/** A row's place: that of its event, and which of the event's rows it is. */
export interface RowPlace {
  readonly seq: number;
  /** From 0; -1 for the day before the event. */
  readonly index: number;
}

export interface PastRow extends RowPlace {
  readonly text: string;
  /** Of the event, milliseconds since 1970. */
  readonly at: number;
}

export interface PastRowsOptions {
  readonly history: Pick<PermittedRooms, "talk">;
  readonly room: string;
  /** The last event that belongs to the past. */
  readonly lastSeq: number;
  /** An event as rows; none if it is hidden. */
  readonly rowsOf: (event: RoomEvent) => readonly string[];
  /** The row between the events of two days. */
  readonly dayRow: (at: number) => string;
  /** What to await before an event is laid out, if anything. */
  readonly turn: () => Promise<void> | undefined;
}

/** Pieces read for one page, which may be empty where thousands of people only came and went. */
const MOST_READS = 8;
/** Events in one piece, beyond the one at the place. */
const MOST_EVENTS = 100;

export class PastRows {
  readonly #options: PastRowsOptions;

  constructor(options: PastRowsOptions) {
    this.#options = options;
  }

  /** The last `count` rows before a place, in order; fewer where the past begins. */
  async before(place: RowPlace, count: number): Promise<PastRow[]> {
    const { history, room } = this.#options;
    let rows: PastRow[] = [];
    let end = place.seq + 1;
    for (let read = 0; read < MOST_READS && rows.length < count && end > 1; read++) {
      const range = { after: 0, before: end };
      const stretch = await history.talk(room, range, limitFor(count - rows.length), "last");
      const events = withUnkeptAsGaps(stretch.events);
      // Whether the first event starts a day is known only to the piece before.
      const first = stretch.after > 0 && events.length > 1 ? 1 : 0;
      for (let index = events.length - 1; index >= first && rows.length < count; index--) {
        await this.#options.turn();
        const own = this.#layOut(events[index], events[index - 1]);
        rows = [...own.filter((row) => isBefore(row, place)), ...rows];
      }
      end = first === 1 ? events[0].seq + 1 : stretch.after + 1;
    }
    return rows.slice(-count);
  }

  /** The first `count` rows after a place, in order; fewer where the past ends. */
  async after(place: RowPlace, count: number): Promise<PastRow[]> {
    const { history, room, lastSeq } = this.#options;
    const rows: PastRow[] = [];
    let start = place.seq - 1;
    let previous: RoomEvent | undefined;
    for (let read = 0; read < MOST_READS && rows.length < count && start < lastSeq; read++) {
      const range = { after: start, before: lastSeq + 1 };
      const stretch = await history.talk(room, range, limitFor(count - rows.length), "first");
      for (const event of withUnkeptAsGaps(stretch.events)) {
        if (rows.length >= count) break;
        await this.#options.turn();
        rows.push(...this.#layOut(event, previous).filter((row) => isBefore(place, row)));
        previous = event;
      }
      start = stretch.before - 1;
    }
    return rows.slice(0, count);
  }

  /** @param previous The event before, if it is known. */
  #layOut(event: RoomEvent, previous: RoomEvent | undefined): PastRow[] {
    const { rowsOf, dayRow } = this.#options;
    const { seq, at } = event;
    const rows = rowsOf(event).map((text, index) => ({ seq, at, index, text }));
    const startsDay = previous && startOfDay(previous.at) !== startOfDay(at);
    return startsDay && rows.length > 0
      ? [{ seq, at, index: -1, text: dayRow(at) }, ...rows]
      : rows;
  }
}

/** Each event has at least one row, unless it is hidden. */
function limitFor(rows: number): number {
  return Math.min(rows, MOST_EVENTS) + 2;
}

function isBefore(one: RowPlace, other: RowPlace): boolean {
  return one.seq < other.seq || (one.seq === other.seq && one.index < other.index);
}
