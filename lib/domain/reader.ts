/**
 * A member's place in the rooms it reads: with the live events while it keeps up, and behind,
 * with a number for each room, once it does not.
 *
 * Whoever reads too slowly costs no memory for what it has not read: that is in the log, and is
 * read from there when the reader has room again, until it has caught up and is live once more.
 * Nothing is lost, repeated or reordered within a room; events of several rooms come in the order
 * of their ids.
 *
 * @module
 */

import type { MessageLog } from "./message_log.ts";
import type { Room } from "./room.ts";
import type { RoomEvent } from "./room_event.ts";

const PAGE_EVENTS = 256;
/** A run handed over at once while catching up has at most so many characters of text. */
const RUN_CHARACTERS = 8192;

/** Where a reader's events go. */
export interface EventSink {
  /**
   * Takes a run of one room's events whole and returns `true`, or returns `false` and takes
   * nothing of it. One that has nothing queued takes any run.
   */
  take(room: Room, events: readonly RoomEvent[]): boolean;
  /** Resolves to whether it goes on, once much of what was taken has been read. */
  ready(): Promise<boolean>;
  /** Hears that the log cannot be read, so that nothing more will come. */
  fail(reason: Error): void;
}

/** Feeds one {@linkcode EventSink}. */
export class Reader {
  readonly #log: MessageLog;
  readonly #sink: EventSink;
  readonly #rooms = new Map<string, Room>();
  /** The number last taken, for every room; only while behind. */
  #cursors: Map<Room, number> | undefined;

  constructor(log: MessageLog, sink: EventSink) {
    this.#log = log;
    this.#sink = sink;
  }

  /** Whether the reader is fed from the log. */
  get isBehind(): boolean {
    return this.#cursors !== undefined;
  }

  /** Rooms that are read, in the order in which they were entered. */
  get rooms(): Iterable<Room> {
    return this.#rooms.values();
  }

  /** How many rooms are read. */
  get roomCount(): number {
    return this.#rooms.size;
  }

  /** Starts to read a room, from what comes after its `lastSeq`. */
  enter(room: Room): void {
    this.#rooms.set(room.name, room);
    this.#cursors?.set(room, room.lastSeq);
  }

  /** Stops reading a room. */
  leave(room: Room): void {
    this.#rooms.delete(room.name);
    this.#cursors?.delete(room);
  }

  /** Takes live events of one room. */
  deliver(events: readonly RoomEvent[]): void {
    if (this.#cursors) return;
    const room = this.#rooms.get(events[0].room);
    if (!room || this.#sink.take(room, events)) return;
    // All other rooms have been read as far as they have been told.
    this.#cursors = new Map();
    for (const other of this.#rooms.values()) this.#cursors.set(other, other.lastSeq);
    this.#cursors.set(room, events[0].seq - 1);
    this.#catchUp(this.#cursors).catch((error) => this.#sink.fail(error));
  }

  async #catchUp(cursors: Map<Room, number>): Promise<void> {
    while (await this.#sink.ready()) {
      const page = await this.#nextPage(cursors);
      // No await between this look and going live, or an event could slip in between.
      if (page.length === 0 && isAtEnd(cursors)) {
        this.#cursors = undefined;
        return;
      }
      for (const { room, events } of runsOf(page, this.#rooms)) {
        // Left, or left and entered again, while the page was read.
        if (cursors.get(room) !== events[0].seq - 1) continue;
        if (!this.#sink.take(room, events)) break;
        cursors.set(room, events[events.length - 1].seq);
      }
    }
  }

  /** The next events of all rooms by id, as far as that order is certain. */
  async #nextPage(cursors: Map<Room, number>): Promise<RoomEvent[]> {
    const events: RoomEvent[] = [];
    let horizon = Infinity;
    for (const [room, cursor] of [...cursors]) {
      // Never past what was told: those events are still to be delivered live.
      const limit = Math.min(PAGE_EVENTS, room.lastSeq - cursor);
      if (limit <= 0) continue;
      const page = await this.#log.read(room.name, cursor, limit);
      if (page.length === PAGE_EVENTS) horizon = Math.min(horizon, page[PAGE_EVENTS - 1].id);
      events.push(...page);
    }
    return events.filter((event) => event.id <= horizon).sort((a, b) => a.id - b.id);
  }
}

function isAtEnd(cursors: Map<Room, number>): boolean {
  for (const [room, cursor] of cursors) {
    if (cursor !== room.lastSeq) return false;
  }
  return true;
}

/** Cuts a page into runs of one room that are small enough to be taken at once. */
function* runsOf(
  page: readonly RoomEvent[],
  rooms: ReadonlyMap<string, Room>,
): Iterable<{ room: Room; events: readonly RoomEvent[] }> {
  let start = 0;
  let size = 0;
  for (let end = 1; end <= page.length; end++) {
    size += page[end - 1].body.length;
    const isCut = end === page.length || page[end].room !== page[start].room ||
      size >= RUN_CHARACTERS;
    if (!isCut) continue;
    const room = rooms.get(page[start].room);
    if (room) yield { room, events: page.slice(start, end) };
    start = end;
    size = 0;
  }
}
