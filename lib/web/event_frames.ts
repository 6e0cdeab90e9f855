/**
 * Runs of events as WebSocket frames, encoded once and shared by all clients.
 *
 * @module
 */

import { eventToJson } from "../domain/event_json.ts";
import type { RoomEvent } from "../domain/room_event.ts";
import { encodeText } from "./web_socket.ts";

type Run = readonly RoomEvent[];

interface Memo {
  readonly frame: Uint8Array;
  readonly changesPeople: boolean;
}

/** Caches the frame of a run for as long as the run itself is alive. */
export class EventFrames {
  readonly #memos = new WeakMap<Run, Memo>();
  /** The latest run and its memo: a fan-out asks for the same run member after member. */
  #run: Run | undefined;
  #memo: Memo | undefined;

  /** The message with these events, all of one room. The bytes are shared; do not change them. */
  frameOf(events: Run): Uint8Array {
    return this.#memoOf(events).frame;
  }

  /** Whether the events may change who is in the room, or their names. */
  changesPeople(events: Run): boolean {
    return this.#memoOf(events).changesPeople;
  }

  #memoOf(events: Run): Memo {
    if (events === this.#run) return this.#memo!;
    let memo = this.#memos.get(events);
    if (!memo) {
      memo = { frame: encodeEvents(events), changesPeople: events.some(isOfPeople) };
      this.#memos.set(events, memo);
    }
    this.#run = events;
    return this.#memo = memo;
  }
}

/** The message with these events, all of one room. */
export function encodeEvents(events: Run): Uint8Array {
  const room = JSON.stringify(events[0].room);
  return encodeText(`{"type":"events","room":${room},"events":[${events.map(eventToJson)}]}`);
}

function isOfPeople({ kind }: RoomEvent): boolean {
  return kind === "join" || kind === "part" || kind === "nick";
}
