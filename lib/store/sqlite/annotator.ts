/**
 * Adds to events what their own rows do not have: the reactions to them, and what the events say
 * that they are about.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { aboutOf, NO_LONGER_KEPT } from "../../domain/acts/about.ts";
import {
  numberOfKey,
  parsePins,
  parseReactions,
  PINS_SERVICE,
  REACTIONS_SERVICE,
  reactionsKey,
} from "../../domain/acts/act_state.ts";
import { abridged, type ShownPin } from "../../domain/acts/pins.ts";
import { nameKey } from "../../domain/name.ts";
import { namedNumber, type Reaction, type RoomEvent } from "../../domain/room_event.ts";
import { eventsOf, type RunRow, SELECTED_COLUMNS } from "./run_row.ts";

type Room = { readonly id: number; readonly name: string };

export class Annotator {
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync) {
    this.#statements = prepareStatements(database);
  }

  /**
   * Looks up at most one other event for each event, and the reactions to all of them at once.
   *
   * @param events In order, of one room.
   */
  annotate(room: Room, events: readonly RoomEvent[]): RoomEvent[] {
    if (events.length === 0) return [];
    const reactions = this.#reactions(room.name, events[0].seq, events[events.length - 1].seq);
    const read = new Map(events.map((event) => [event.seq, event]));
    return events.map((event) => {
      const own = reactions.get(event.seq);
      const of = event.kind === "redaction" ? undefined : namedNumber(event);
      if (!own && of === undefined) return event;
      return {
        ...event,
        ...(of !== undefined && { about: this.#aboutOf(room, of, read) }),
        ...(own && { reactions: own }),
      };
    });
  }

  /** The pins of a room, the latest last, with their events. */
  pins(room: Room): ShownPin[] {
    const value = this.#statements.value.get(PINS_SERVICE, nameKey(room.name))?.value;
    return parsePins(value as string | undefined).map((pin) => {
      const event = this.#find(room, pin.seq);
      return event ? { ...pin, event: this.annotate(room, [abridged(event)])[0] } : pin;
    });
  }

  #reactions(room: string, first: number, last: number): Map<number, readonly Reaction[]> {
    const rows = this.#statements.values
      .all(REACTIONS_SERVICE, reactionsKey(room, first), reactionsKey(room, last)) as unknown as {
        readonly key: string;
        readonly value: string;
      }[];
    return new Map(
      rows.map(({ key, value }) => [numberOfKey(key), parseReactions(value)] as const)
        .filter(([, reactions]) => reactions.length > 0),
    );
  }

  #aboutOf(room: Room, seq: number, read: Map<number, RoomEvent>) {
    const event = read.get(seq) ?? this.#find(room, seq);
    if (!event) return NO_LONGER_KEPT;
    // Many may be about the same one.
    read.set(seq, event);
    return aboutOf(event);
  }

  #find({ id, name }: Room, seq: number): RoomEvent | undefined {
    const row = this.#statements.run.get(id, seq) as unknown as RunRow | undefined;
    return row && eventsOf(row, name).find((event) => event.seq === seq);
  }
}

function prepareStatements(database: DatabaseSync) {
  return {
    value: database.prepare("SELECT value FROM state WHERE service = ? AND key = ?"),
    values: database.prepare(
      "SELECT key, value FROM state WHERE service = ? AND key >= ? AND key <= ?",
    ),
    /** The run that has event ?2, or the one before that. */
    run: database.prepare(
      `SELECT ${SELECTED_COLUMNS} FROM run WHERE room_id = ? AND seq <= ?
        ORDER BY seq DESC LIMIT 1`,
    ),
  };
}
