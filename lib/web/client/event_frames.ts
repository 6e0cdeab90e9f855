/**
 * Runs of events as WebSocket frames, encoded once and shared by all clients.
 *
 * @module
 */

import { eventToJson } from "../../domain/event_json.ts";
import { RunMemos } from "../../domain/feeds/run_memos.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import type { EventRun } from "../../domain/rooms/room_stream.ts";
import { encodeText } from "../http/web_socket.ts";

interface Memo {
  readonly frame: Uint8Array;
  readonly changesPeople: boolean;
}

/** The frames of runs; see {@linkcode RunMemos}. */
export class EventFrames {
  readonly #memos = new RunMemos<Memo>((events) => ({
    frame: encodeEvents(events),
    changesPeople: events.some(isOfPeople),
  }));

  /** The message with these events, all of one room. The bytes are shared; do not change them. */
  frameOf(events: EventRun): Uint8Array {
    return this.#memos.of(events).frame;
  }

  /** Whether the events may change who is in the room, or their names. */
  changesPeople(events: EventRun): boolean {
    return this.#memos.of(events).changesPeople;
  }
}

/** The message with these events, all of one room. */
export function encodeEvents(events: EventRun): Uint8Array {
  const room = JSON.stringify(events[0].room);
  return encodeText(`{"type":"events","room":${room},"events":[${events.map(eventToJson)}]}`);
}

function isOfPeople({ kind }: RoomEvent): boolean {
  return kind === "join" || kind === "part" || kind === "nick";
}
