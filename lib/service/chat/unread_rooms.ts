/**
 * What was said in the rooms that somebody is in but does not talk in at the moment.
 *
 * @module
 */

import type { RoomStream } from "../../domain/rooms/room_stream.ts";

/** What was said in one room. */
export interface Unread {
  /** Messages, actions and log lines of others. */
  readonly count: number;
  /** Whether any of them mentions the person, or holds a word that they watch for. */
  readonly isCall: boolean;
}

export class UnreadRooms {
  #rooms: Map<string, Unread> | undefined;

  /** Adds what was just said in a room. */
  add(room: string, count: number, isCall: boolean): void {
    if (count === 0) return;
    const rooms = this.#rooms ??= new Map();
    const { count: before = 0, isCall: wasCall = false } = rooms.get(room) ?? {};
    rooms.set(room, { count: before + count, isCall: wasCall || isCall });
  }

  /** Forgets about a room that is being looked at, or was left. */
  clear(room: string): void {
    this.#rooms?.delete(room);
  }

  of(room: string): Unread | undefined {
    return this.#rooms?.get(room);
  }

  /**
   * The room to look at next: the first one after `current` in which the person is called, otherwise
   * the first with anything unread.
   */
  next(
    rooms: readonly RoomStream[],
    current: RoomStream | undefined,
  ): RoomStream | undefined {
    const start = rooms.findIndex((room) => room === current) + 1;
    const inTurn = [...rooms.slice(start), ...rooms.slice(0, start)]
      .filter(({ name }) => this.of(name));
    return inTurn.find(({ name }) => this.of(name)!.isCall) ?? inTurn[0];
  }
}
