/**
 * Where each room ends in the log, as far as it has been looked up: what the next event of a room
 * needs. For the writer only, who notes in the entries what it adds.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { nameKey } from "../../domain/name.ts";
import type { GrowingRoom } from "./run_row.ts";

/** Rooms held in memory before the cache is cleared; each takes about 200 bytes. */
const CACHED_ROOMS = 10_000;

/** A room, and its end. */
export interface StoredRoomEnd extends GrowingRoom {
  name: string;
  lastSeq: number;
}

export class RoomEnds {
  /** By every spelling in use, so that most look-ups need no key; spellings share one entry. */
  readonly #rooms = new Map<string, StoredRoomEnd>();
  readonly #statements: ReturnType<typeof prepareStatements>;

  /** @param database The writer's connection. */
  constructor(database: DatabaseSync) {
    this.#statements = prepareStatements(database);
  }

  find(name: string): StoredRoomEnd | undefined {
    const known = this.#rooms.get(name);
    if (known) return known;
    const found = this.#statements.find.get(nameKey(name)) as unknown as StoredRoomEnd | undefined;
    return found && this.#cache(name, this.#rooms.get(found.name) ?? { ...found });
  }

  /** Creates the room if it does not exist. */
  ensure(name: string): StoredRoomEnd {
    return this.find(name) ?? this.#create(name);
  }

  /** Gives a room another spelling of its name. */
  respell(room: StoredRoomEnd, name: string): void {
    this.#statements.respell.run(name, room.id);
    room.name = name;
    this.#cache(name, room);
  }

  /** Forgets all if there are too many. Not for use during a batch: the file lacks its rows yet. */
  trim(): void {
    if (this.#rooms.size >= CACHED_ROOMS) this.#rooms.clear();
  }

  /** Forgets all, because what was noted was not stored. */
  clear(): void {
    this.#rooms.clear();
  }

  #create(name: string): StoredRoomEnd {
    const { lastInsertRowid } = this.#statements.create.run(nameKey(name), name);
    return this.#cache(name, { id: Number(lastInsertRowid), name, lastSeq: 0, total: 0 });
  }

  #cache(name: string, room: StoredRoomEnd): StoredRoomEnd {
    this.#rooms.set(room.name, room);
    this.#rooms.set(name, room);
    return room;
  }
}

function prepareStatements(database: DatabaseSync) {
  const last = (column: string) =>
    `(SELECT ${column} FROM run WHERE room_id = room.id ORDER BY seq DESC LIMIT 1)`;
  return {
    find: database.prepare(
      `SELECT id, name, coalesce(${last("seq + count - 1")}, swept_seq) AS lastSeq,
        coalesce(${last("total")}, swept_total) AS total FROM room WHERE key = ?`,
    ),
    respell: database.prepare("UPDATE room SET name = ? WHERE id = ?"),
    create: database.prepare("INSERT INTO room (key, name) VALUES (?, ?)"),
  };
}
