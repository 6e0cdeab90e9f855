/**
 * Turns drafts into events: gives each its `id`, `seq` and time, from where the log ends.
 *
 * @module
 */

import { type Clock, type Strides, systemClock } from "../clock.ts";
import type { MessageLog, RoomEnd } from "../domain/message_log.ts";
import { nameKey } from "../domain/name.ts";
import { type Draft, respelledTo, type RoomEvent } from "../domain/room_event.ts";

/** Room names held in memory before the cache is cleared; each takes about 100 bytes. */
const CACHED_ROOMS = 10_000;

interface GrowingRoom extends RoomEnd {
  name: string;
  lastSeq: number;
}

type DraftsByRoom = Iterable<readonly [GrowingRoom, readonly Draft[]]>;

/** Numbers batches for one log. Nothing else may number events for that log at the same time. */
export class EventNumbering {
  readonly #log: Pick<MessageLog, "lastId" | "roomEnd">;
  readonly #clock: Clock;
  /** By every spelling in use; all spellings of a room share one entry. */
  readonly #rooms = new Map<string, GrowingRoom>();
  /** `undefined` until the log is asked. */
  #lastId: number | undefined;

  constructor(log: Pick<MessageLog, "lastId" | "roomEnd">, clock: Clock = systemClock) {
    this.#log = log;
    this.#clock = clock;
  }

  /**
   * Numbers a batch. The events are grouped by room, each group in the order of its drafts, so that
   * the log can store a sender's burst in one row.
   *
   * @param at Their time, if it is not that of the clock.
   * @param strides Give others a turn.
   * @throws {Error} if the log cannot be read.
   */
  async number(
    drafts: readonly Draft[],
    at: number = this.#clock.now(),
    strides?: Strides,
  ): Promise<RoomEvent[]> {
    if (this.#rooms.size >= CACHED_ROOMS) this.#rooms.clear();
    let lastId = this.#lastId ?? await this.#log.lastId();
    const rooms = this.#byRoom(drafts) ?? await this.#findRooms(drafts);
    const events: RoomEvent[] = [];
    for (const [room, own] of rooms) {
      for (const draft of own) {
        const turn = strides?.step();
        if (turn) await turn;
        const { kind, from, body, fields, via, origin, state } = draft;
        const { cause, isUnlogged, about } = draft;
        const seq = ++room.lastSeq;
        const id = ++lastId;
        const event = { id, room: room.name, seq, at, kind, from, body, fields, via, origin };
        // Most events have none of these, and all of those have the same shape.
        if (state) events.push({ ...event, state });
        else if (about) events.push({ ...event, isUnlogged, about });
        else if (cause || isUnlogged) events.push({ ...event, cause, isUnlogged });
        else events.push(event);
        const spelled = respelledTo(draft);
        if (spelled !== undefined) this.#rooms.set(room.name = spelled, room);
      }
    }
    this.#lastId = lastId;
    return events;
  }

  /** Takes back the numbers of events that could not be stored: reads the end of the log again. */
  reset(): void {
    this.#lastId = undefined;
    this.#rooms.clear();
  }

  /** Reads the ends of a batch's rooms that are not cached; returns the batch by room. */
  async #findRooms(drafts: readonly Draft[]): Promise<DraftsByRoom> {
    for (const name of new Set(drafts.map(({ room }) => room))) {
      if (!this.#rooms.has(name)) await this.#findRoom(name);
    }
    return this.#byRoom(drafts)!;
  }

  async #findRoom(name: string): Promise<void> {
    // The key is a spelling, too, and the only thing that two spellings of a new room share.
    const key = nameKey(name);
    let room = this.#rooms.get(key);
    if (!room) {
      const { name: spelled, lastSeq } = await this.#log.roomEnd(name) ?? { name, lastSeq: 0 };
      room = { name: spelled, lastSeq };
      this.#rooms.set(key, room);
    }
    this.#rooms.set(name, room);
  }

  /** The batch by room; `undefined` if a room is not cached. */
  #byRoom(drafts: readonly Draft[]): DraftsByRoom | undefined {
    if (drafts.length === 0) return [];
    const first = drafts[0].room;
    if (drafts.every(({ room }) => room === first)) {
      const room = this.#rooms.get(first);
      return room && [[room, drafts]];
    }
    const rooms = new Map<GrowingRoom, Draft[]>();
    for (const draft of drafts) {
      const room = this.#rooms.get(draft.room);
      if (!room) return undefined;
      const own = rooms.get(room);
      if (own) own.push(draft);
      else rooms.set(room, [draft]);
    }
    return rooms;
  }
}
