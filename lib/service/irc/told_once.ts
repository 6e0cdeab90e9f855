/**
 * Tells whether one client has been told already that somebody has quit or has a new name: each room
 * has an event of its own for that, and a client may be in several of them.
 *
 * @module
 */

import type { Cause, RoomEvent } from "../../domain/room_event.ts";

/** New names that were read back and are remembered. */
const MOST_REMEMBERED = 100;

/** A new name that was read back, in the rooms of which it has come. */
interface Rename {
  readonly from: string;
  readonly body: string;
  readonly rooms: Set<string>;
}

export class ToldOnce {
  /** All events of one act share its cause. */
  #causes: WeakSet<Cause> | undefined;
  #renames: Map<number, Rename> | undefined;

  /** Whether an event is the first of its act for this client. Asked once for each event. */
  isNew(event: RoomEvent): boolean {
    const { kind, cause } = event;
    if (cause) return cause.kind === "kick" || this.#isNewCause(cause);
    return kind !== "nick" || this.#isNewRename(event);
  }

  #isNewCause(cause: Cause): boolean {
    this.#causes ??= new WeakSet();
    if (this.#causes.has(cause)) return false;
    this.#causes.add(cause);
    return true;
  }

  /** Events that were read back have no cause: the same name in another room is the same act. */
  #isNewRename({ origin = 0, from, body, room }: RoomEvent): boolean {
    const renames = this.#renames ??= new Map<number, Rename>();
    const last = renames.get(origin);
    if (last?.from === from && last.body === body && !last.rooms.has(room)) {
      last.rooms.add(room);
      return false;
    }
    if (renames.size >= MOST_REMEMBERED) renames.clear();
    renames.set(origin, { from, body, rooms: new Set([room]) });
    return true;
  }
}
