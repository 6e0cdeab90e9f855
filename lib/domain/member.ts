/**
 * What a room asks of those who are in it.
 *
 * @module
 */

import type { Draft, RoomEvent } from "./room_event.ts";

/**
 * A session, or a bridge, as a room sees it. Everything here only queues: a member that waited
 * would make all others wait, and one that threw would rob them of the event.
 */
export interface Member {
  /** The session's number; stamped on what it causes. */
  readonly origin: number;
  readonly nickname: string;
  /** How it comes in, e.g. `telnet`. */
  readonly via: string;
  /**
   * Takes committed events of one room, in order. All members of the room get the same array, so
   * that what is made from it can be shared.
   */
  deliver(events: readonly RoomEvent[]): void;
  /** Takes the numbers of those who came and went in a room too large to name each of them. */
  deliverCrowd(room: string, joined: number, left: number): void;
  /** Hears that drafts of its own could not be kept. */
  deliverRefusal(drafts: readonly Draft[], reason: Error): void;
}
