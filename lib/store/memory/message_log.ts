/**
 * The log in memory, for tests and trials: gone with the process.
 *
 * @module
 */

import { type Clock, systemClock } from "../../clock.ts";
import type { MessageLog, RoomRecord } from "../../domain/message_log.ts";
import { nameKey } from "../../domain/name.ts";
import {
  countDue,
  type RetentionReason,
  type RoomExtent,
  type SweepGoal,
} from "../../domain/retention.ts";
import { removedThrough } from "../../domain/retention_gap.ts";
import { type Draft, isArrivalOrDeparture, type RoomEvent } from "../../domain/room_event.ts";
import type { SweepableLog } from "../../domain/sweepable_log.ts";

/** Bytes that an event counts besides its body. */
const EVENT_OVERHEAD = 64;
/** Events removed in one step. */
const SWEPT_AT_ONCE = 16;

interface StoredRoom {
  readonly id: number;
  readonly name: string;
  /** Those that are kept. */
  readonly events: RoomEvent[];
  /** How many are not kept any more. */
  swept: number;
  readonly sweptFor: Set<RetentionReason>;
  /** The number up to which a gap tells of removals. */
  told: number;
  topic: string;
  visited: number;
}

export class MemoryMessageLog implements MessageLog, SweepableLog {
  readonly #clock: Clock;
  readonly #rooms = new Map<string, StoredRoom>();
  #lastId = 0;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  // deno-lint-ignore require-await -- as the contract has it
  async append(batch: readonly Draft[]): Promise<readonly RoomEvent[]> {
    const at = this.#clock.now();
    return batch.map((draft) => {
      const room = this.#open(draft.room);
      const event: RoomEvent = {
        ...draft,
        room: room.name,
        id: ++this.#lastId,
        seq: lastSeqOf(room) + 1,
        at,
      };
      room.events.push(event);
      if (event.kind === "topic") room.topic = event.body;
      if (isArrivalOrDeparture(event)) room.visited = event.id;
      room.told = Math.max(room.told, removedThrough(event) ?? 0);
      return event;
    });
  }

  // deno-lint-ignore require-await
  async read(room: string, after: number, limit: number): Promise<RoomEvent[]> {
    const { events, swept } = this.#rooms.get(nameKey(room)) ?? { events: [], swept: 0 };
    const start = Math.max(0, after - swept);
    return events.slice(start, start + limit);
  }

  // deno-lint-ignore require-await
  async room(name: string): Promise<RoomRecord | undefined> {
    const room = this.#rooms.get(nameKey(name));
    return room && toRecord(room);
  }

  // deno-lint-ignore require-await
  async rooms(limit: number): Promise<RoomRecord[]> {
    const rooms = [...this.#rooms.values()].sort((a, b) => b.visited - a.visited);
    return rooms.slice(0, limit).map(toRecord);
  }

  // deno-lint-ignore require-await
  async extents(after: number, limit: number): Promise<RoomExtent[]> {
    return [...this.#rooms.values()].slice(after, after + limit).map((room) => ({
      id: room.id,
      room: room.name,
      firstAt: room.events[0]?.at,
      bytes: room.events.reduce((sum, event) => sum + bytesOf(event), 0),
      untold: room.swept > room.told
        ? { first: room.told + 1, last: room.swept, reasons: [...room.sweptFor] }
        : undefined,
    }));
  }

  async sweep(id: number, goal: SweepGoal): Promise<boolean> {
    const [{ room: name, bytes }] = await this.extents(id - 1, 1);
    const room = this.#open(name);
    const heads = room.events.slice(0, SWEPT_AT_ONCE).map((event) => ({
      at: event.at,
      bytes: bytesOf(event),
      isRetentionGap: removedThrough(event) !== undefined,
    }));
    const { count, reasons } = countDue(heads, bytes, goal);
    if (room.swept === room.told) room.sweptFor.clear();
    for (const reason of count > 0 ? reasons : []) room.sweptFor.add(reason);
    room.events.splice(0, count);
    room.swept += count;
    return count === SWEPT_AT_ONCE;
  }

  // deno-lint-ignore require-await
  async shrink(): Promise<boolean> {
    return false;
  }

  async close(): Promise<void> {}

  #open(name: string): StoredRoom {
    const key = nameKey(name);
    let room = this.#rooms.get(key);
    if (!room) {
      const id = this.#rooms.size + 1;
      const sweptFor = new Set<RetentionReason>();
      room = { id, name, events: [], swept: 0, sweptFor, told: 0, topic: "", visited: 0 };
      this.#rooms.set(key, room);
    }
    return room;
  }
}

function bytesOf({ body }: RoomEvent): number {
  return body.length + EVENT_OVERHEAD;
}

function lastSeqOf({ events, swept }: StoredRoom): number {
  return swept + events.length;
}

function toRecord(room: StoredRoom): RoomRecord {
  return {
    name: room.name,
    topic: room.topic,
    firstSeq: room.swept + 1,
    lastSeq: lastSeqOf(room),
  };
}
