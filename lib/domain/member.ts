/**
 * What a room asks of those who are in it.
 *
 * @module
 */

import type { Draft, RoomEvent } from "./room_event.ts";

/**
 * Somebody who is told what happens in a room without being in it, and so is not seen there.
 * Everything here only queues: who waited would make all others wait, and who threw would rob them
 * of the event.
 */
export interface Watcher {
  /** Whom to name where something goes wrong. */
  readonly nickname: string;
  /**
   * Takes committed events of one room, in order. All members of the room get the same array, and
   * so do all watchers, so that what is made from it can be shared. Watchers get all events,
   * members of a crowded room not those that are only counted.
   */
  deliver(events: readonly RoomEvent[]): void;
}

/** A session, or a bridge, as a room sees it. It may wait as little as a {@linkcode Watcher}. */
export interface Member extends Watcher {
  /** The session's number; stamped on what it causes. */
  readonly origin: number;
  /** How it comes in, e.g. `telnet`. */
  readonly via: string;
  /** Takes the numbers of those who came and went in a room too large to name each of them. */
  deliverCrowd(room: string, joined: number, left: number): void;
  /** Hears that drafts of its own could not be kept. */
  deliverRefusal(drafts: readonly Draft[], reason: Error): void;
}
