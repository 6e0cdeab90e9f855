/**
 * Tells whether one client has been told already that somebody has quit or has a new name: each room
 * has an event of its own for that, and a client may be in several of them.
 *
 * @module
 */

import type { Cause, RoomEvent } from "../../../domain/room_event.ts";

/** New names that are remembered. */
const MOST_REMEMBERED = 100;

/** A new name, in the rooms of which it has come. */
interface Rename {
  readonly from: string;
  readonly body: string;
  readonly at: number;
  readonly rooms: Set<string>;
}

export class ToldOnce {
  /** All events of one act share its cause. */
  #causes: WeakSet<Cause> | undefined;
  #renames: Map<number, Rename> | undefined;
  /** Takes back, the latest first, what was noted since the client was told of something. */
  #undo: (() => void)[] | undefined;

  /**
   * Whether an event is the first of its act for this client. Asked once for each event, until
   * {@linkcode takeBack} is called.
   */
  isNew(event: RoomEvent): boolean {
    const { kind, cause } = event;
    if (kind !== "nick") return !cause || cause.kind === "kick" || this.#isNewCause(cause);
    const isNewCause = cause && this.#isNewCause(cause);
    // In another room, the same act may be read back, and have no cause.
    const isNewRename = this.#isNewRename(event, isNewCause);
    return isNewCause ?? isNewRename;
  }

  /** Notes that the client has been told of all events asked about. */
  keep(): void {
    this.#undo = undefined;
  }

  /** Has all that is still under way told once more. */
  forget(): void {
    this.#causes = this.#renames = this.#undo = undefined;
  }

  /** Notes that the client could not be told of what was asked about since the last time. */
  takeBack(): void {
    for (const undo of this.#undo?.reverse() ?? []) undo();
    this.#undo = undefined;
  }

  #isNewCause(cause: Cause): boolean {
    const causes = this.#causes ??= new WeakSet();
    if (causes.has(cause)) return false;
    causes.add(cause);
    this.#note(() => causes.delete(cause));
    return true;
  }

  /**
   * Events that were read back have no cause: the same name at the same time is the same act.
   *
   * @param isNewAct Whether it is the first event of its act, if that is known.
   */
  #isNewRename({ origin = 0, from, body, room, at }: RoomEvent, isNewAct?: boolean): boolean {
    const renames = this.#renames ??= new Map<number, Rename>();
    const last = renames.get(origin);
    const isSame = last?.from === from && last.body === body && last.at === at;
    if (last && isSame && !isNewAct && !last.rooms.has(room)) {
      last.rooms.add(room);
      this.#note(() => last.rooms.delete(room));
      return false;
    }
    if (renames.size >= MOST_REMEMBERED) renames.clear();
    renames.set(origin, { from, body, at, rooms: new Set([room]) });
    this.#note(() => last ? renames.set(origin, last) : renames.delete(origin));
    return true;
  }

  #note(undo: () => void): void {
    this.#undo ??= [];
    this.#undo.push(undo);
  }
}
