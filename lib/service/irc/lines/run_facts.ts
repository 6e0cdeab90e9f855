/**
 * What every reader asks of a run of events before showing it. Looked up once for each run: when a
 * crowd comes and goes, runs are long, and there are thousands of readers.
 *
 * @module
 */

import {
  isArrivalOrDeparture,
  isComingAndGoing,
  movedTo,
  type RoomEvent,
} from "../../../domain/room_event.ts";
import type { EventRun } from "../../../domain/rooms/room_stream.ts";

export interface RunFacts {
  /** The sessions that caused the events. */
  readonly origins: ReadonlySet<number | undefined>;
  /** The index of the first join of each session, by origin, up to a move of the room. */
  readonly joins: ReadonlyMap<number | undefined, number>;
  /** Whether there is nothing but joins and parts. */
  readonly isComingAndGoing: boolean;
  /** Whether there is nothing but joins, parts and new names. */
  readonly isOnlyMoves: boolean;
  /** Whether it depends on the reader's rooms which of the events are shown. */
  readonly isPersonal: boolean;
}

export function runFactsOf(run: EventRun): RunFacts {
  const joins = new Map<number | undefined, number>();
  for (const [index, event] of run.entries()) {
    if (isMoveOfRoom(event)) break;
    if (event.kind === "join" && !joins.has(event.origin)) joins.set(event.origin, index);
  }
  return {
    origins: new Set(run.map(({ origin }) => origin)),
    joins,
    isComingAndGoing: isComingAndGoing(run),
    isOnlyMoves: run.every(isMove),
    isPersonal: run.some(isPersonal),
  };
}

/** Whether an event moves everybody in the room to another one. */
export function isMoveOfRoom(event: RoomEvent): boolean {
  return movedTo(event) !== undefined;
}

/** Whether somebody comes, goes, or has another name. */
export function isMove(event: RoomEvent): boolean {
  return event.kind === "nick" || isArrivalOrDeparture(event);
}

/** Whether a client that shares several rooms with the author must be told in only one of them. */
function isPersonal({ kind, cause }: RoomEvent): boolean {
  if (cause?.kind === "nick" || cause?.kind === "quit") return cause.rooms > 1;
  // Read back, it has no cause.
  return kind === "nick";
}
