/**
 * The rooms with people in them that anybody may know of, counted as they change.
 *
 * @module
 */

import type { AccessControl } from "../access/access_control.ts";
import { nameKey } from "../name.ts";
import { MODERATION_ROOM } from "../server_rooms.ts";
import type { Room } from "./room.ts";
import type { RoomStream } from "./room_stream.ts";

export class LivelyRooms {
  readonly #access: AccessControl;
  readonly #keys = new Set<string>();

  /** @param find The open room with a key. */
  constructor(access: AccessControl, find: (key: string) => Room | undefined) {
    this.#access = access;
    access.onChange((key) => {
      const room = find(key);
      if (room) this.note(room);
    });
  }

  get size(): number {
    return this.#keys.size;
  }

  /** Whether a room is one of them. */
  has(name: string): boolean {
    return this.#keys.has(nameKey(name));
  }

  /** Notes that the first has come into a room, or the last has left it. */
  note({ name, members }: Pick<RoomStream, "name" | "members">): void {
    const key = nameKey(name);
    if (members.size > 0 && this.#isListed(key)) this.#keys.add(key);
    else this.#keys.delete(key);
  }

  #isListed(key: string): boolean {
    const rules = this.#access.rules(key);
    return key !== MODERATION_ROOM && !rules?.isHidden && !rules?.isPrivate;
  }
}
