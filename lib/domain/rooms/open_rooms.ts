/**
 * The open rooms: those that somebody is in or reads, here or at another node.
 *
 * @module
 */

import { log } from "../../log.ts";
import { recentTalk } from "../history/read_talk.ts";
import type { RoomHistory } from "../history/room_history.ts";
import { checkNewRoomName, nameKey } from "../name.ts";
import { RECENT_LIMIT } from "./recent_talk.ts";
import { Room } from "./room.ts";
import type { Member } from "./room_stream.ts";

export class OpenRooms {
  readonly #log: RoomHistory;
  readonly #rooms = new Map<string, Room>();
  readonly #loading = new Map<Room, Promise<void>>();
  /** Who is in which room at other nodes, by key of the room. */
  readonly #elsewhere = new Map<string, Set<Member>>();
  readonly #isShared: boolean;

  /**
   * @param log Where their history is.
   * @param isShared As in `RoomRegistryOptions`.
   */
  constructor(log: RoomHistory, isShared: boolean) {
    this.#log = log;
    this.#isShared = isShared;
  }

  get all(): Iterable<Room> {
    return this.#rooms.values();
  }

  get size(): number {
    return this.#rooms.size;
  }

  /** The room of that name, compared without case. */
  find(name: string): Room | undefined {
    return this.#rooms.get(nameKey(name));
  }

  /** Calls `use` with the room of that name once it is open, in the same turn of the event loop. */
  async enter(name: string, use: (room: Room) => void): Promise<void> {
    const key = nameKey(name);
    for (;;) {
      const room = this.#rooms.get(key);
      // Looked up again after every wait: the room may have emptied and gone meanwhile.
      if (room && !this.#loading.has(room)) return use(room);
      if (!room) await this.#open(key, name);
      // If opening it fails, the next waiting caller tries again.
      else await this.#loading.get(room)!.catch(() => {});
    }
  }

  /** Adds the room to the map before its history is read, so that no event is missed meanwhile. */
  async #open(key: string, name: string): Promise<void> {
    const room = new Room(name, (room) => this.dropIfDeserted(room));
    this.#rooms.set(key, room);
    for (const member of this.#elsewhere.get(key) ?? []) {
      room.members.add(member);
      room.present.set(member.origin, member.nickname);
    }
    const loading = this.#restore(room);
    this.#loading.set(room, loading);
    try {
      await loading;
    } catch (error) {
      this.#rooms.delete(key);
      throw error;
    } finally {
      this.#loading.delete(room);
    }
  }

  async #restore(room: Room): Promise<void> {
    const record = await this.#log.room(room.name);
    if (!record) return checkNewRoomName(room.name);
    const before = record.lastSeq + 1;
    room.restore(record, await recentTalk(this.#log, record.name, { before, count: RECENT_LIMIT }));
  }

  /** Takes the topic from the log; it may have been redacted there. */
  recallTopic(room: Room): void {
    const { topic } = room;
    if (topic === "") return;
    this.#log.room(room.name).then(
      (record) => room.retopic(record?.topic ?? "", topic),
      (error) =>
        log("room").warning("Cannot read the topic of #{room}: {error}", {
          room: room.name,
          error,
        }),
    );
  }

  /**
   * Closes a room that has no members or readers. In a cluster, the last leave must be committed
   * first, because that event ends the room's temporary state.
   */
  dropIfDeserted(room: Room): void {
    if (!room.isDeserted || this.#loading.has(room)) return;
    if (this.#isShared && room.present.size > 0) return;
    const key = nameKey(room.name);
    if (this.#rooms.get(key) === room) this.#rooms.delete(key);
  }

  /** The room of that name, opened if necessary. */
  ensure(name: string): Room {
    const key = nameKey(name);
    const open = this.#rooms.get(key);
    if (open) return open;
    const opening = this.#open(key, name);
    const room = this.#rooms.get(key)!;
    opening.then(
      () => this.dropIfDeserted(room),
      (error) => log("room").error("Cannot open #{room}: {error}", { room: name, error }),
    );
    return room;
  }

  /** Adds somebody at another node to a room, and opens the room if necessary. */
  addFromElsewhere(member: Member, name: string): Room {
    const key = nameKey(name);
    const room = this.ensure(name);
    room.members.add(member);
    const others = this.#elsewhere.get(key) ?? new Set();
    this.#elsewhere.set(key, others.add(member));
    return room;
  }

  /** Removes somebody at another node from a room. @returns Whether they were in it. */
  removeFromElsewhere(member: Member, name: string): boolean {
    const key = nameKey(name);
    const others = this.#elsewhere.get(key);
    if (!others?.delete(member)) return false;
    if (others.size === 0) this.#elsewhere.delete(key);
    this.#rooms.get(key)?.members.delete(member);
    return true;
  }
}
