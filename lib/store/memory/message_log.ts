/**
 * The log in memory, for tests and trials: gone with the process.
 *
 * @module
 */

import { type Clock, systemClock } from "../../clock.ts";
import type { MessageLog, RoomRecord } from "../../domain/message_log.ts";
import { nameKey } from "../../domain/name.ts";
import { type Draft, isArrivalOrDeparture, type RoomEvent } from "../../domain/room_event.ts";

interface StoredRoom {
  readonly name: string;
  readonly events: RoomEvent[];
  topic: string;
  visited: number;
}

export class MemoryMessageLog implements MessageLog {
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
        seq: room.events.length + 1,
        at,
      };
      room.events.push(event);
      if (event.kind === "topic") room.topic = event.body;
      if (isArrivalOrDeparture(event)) room.visited = event.id;
      return event;
    });
  }

  // deno-lint-ignore require-await
  async read(room: string, after: number, limit: number): Promise<RoomEvent[]> {
    return this.#rooms.get(nameKey(room))?.events.slice(after, after + limit) ?? [];
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

  async close(): Promise<void> {}

  #open(name: string): StoredRoom {
    const key = nameKey(name);
    let room = this.#rooms.get(key);
    if (!room) this.#rooms.set(key, room = { name, events: [], topic: "", visited: 0 });
    return room;
  }
}

function toRecord({ name, topic, events }: StoredRoom): RoomRecord {
  return { name, topic, lastSeq: events.length };
}
