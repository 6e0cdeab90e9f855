/**
 * What pours log lines into rooms: a pipe, a socket for datagrams.
 *
 * @module
 */

import type { Draft, RoomEvent } from "./room_event.ts";

/** Hears what became of the lines that it wrote. Everything here only notes; nobody waits for it. */
export interface LogSource {
  /** The session's number; that of the drafts which are its own. */
  readonly origin: number;
  /** Takes events of its own that are on disk now, in order. A large batch comes in several calls. */
  committed(events: readonly RoomEvent[]): void;
  /** Takes drafts of its own that could not be kept, with the reason. */
  refused(drafts: readonly Draft[], reason: Error): void;
}
