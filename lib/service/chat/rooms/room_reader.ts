/**
 * How a person reads the rooms they are in: as digests, or every event.
 *
 * @module
 */

import type { Room } from "../../../domain/rooms/room.ts";
import type { RoomStream } from "../../../domain/rooms/room_stream.ts";

export interface RoomReader {
  /** In the order in which they were entered. */
  readonly rooms: readonly RoomStream[];
  /** Whether the person is still being shown what happened before. */
  readonly isBehind: boolean;
  /** Starts with the event after number `after`, or with the next one. */
  enter(room: Room, after?: number): RoomStream;
  leave(room: RoomStream): void;
  /** Called once everything up to a move event has been read. */
  onMoved?: (room: RoomStream, seq: number) => void;
  /** Goes on in that room. */
  follow?(room: RoomStream, seq: number): Followed;
}

/** The room to follow to, read after one of its events. */
export interface Followed {
  readonly room: RoomStream;
  readonly after: number;
}
