/**
 * References to an event as people write them: `#4428` in the current room or, as searches and
 * alerts print it, `log#4428`.
 *
 * @module
 */

import { missing } from "../../domain/access/refusal.ts";
import { isDirectRoom } from "../../domain/direct_room.ts";
import { DomainError } from "../../domain/domain_error.ts";
import { nameKey } from "../../domain/name.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import type { ChatSession } from "./chat_session.ts";
import { wayToAccount } from "./login/registered_names.ts";

const UNNUMBERED = "Private messages are kept, and have numbers, only between two accounts. ";
const REGISTER = "/register makes your name one.";

/** Matches a reference; the groups are the room, if there is one, and the number. */
export const REFERENCE = "(?:(#?[^\\s#]+)#|#)?(\\d{1,15})";

export interface EventReference {
  readonly room: string;
  /** The room as the person is shown it: `#log`, `@bob`. */
  readonly label: string;
  /** Whether that is the person's current room. */
  readonly isHere: boolean;
  /** `seq` of the room's last event. */
  readonly lastSeq: number;
  readonly seq: number;
}

/**
 * Finds the room of a reference.
 *
 * @param room As the first group of {@linkcode REFERENCE}; without it, the current room.
 * @throws {DomainError} `not-in-room`, `bad-name`, `no-such-room`.
 */
export async function resolveReference(
  person: ChatSession,
  room: string | undefined,
  seq: number,
): Promise<EventReference> {
  const { currentRoom } = person;
  const { sees } = person;
  if (
    room === undefined ||
    currentRoom && nameKey(sees.parseName(room)) === nameKey(currentRoom.name)
  ) {
    const { name, lastSeq } = person.requireRoom();
    return { room: name, label: `#${name}`, isHere: true, lastSeq, seq };
  }
  const name = sees.parseName(room);
  const record = await sees.room(name);
  if (!record) {
    throw isDirectRoom(name) && person.member.account === undefined
      ? new DomainError(
        "no-such-room",
        UNNUMBERED + wayToAccount(person.chat.access, REGISTER),
      )
      : missing(sees.label(name));
  }
  return {
    room: record.name,
    label: sees.label(record.name),
    isHere: false,
    lastSeq: record.lastSeq,
    seq,
  };
}

/** Reads the event of a reference. @throws {DomainError} `no-such-event`. */
export async function readReferenced(
  person: ChatSession,
  { room, label, seq }: EventReference,
): Promise<RoomEvent> {
  const [event] = await person.sees.read(room, seq - 1, 1);
  if (event?.seq === seq) return event;
  // A later event exists, so this one has been swept.
  const isGone = event !== undefined && seq > 0;
  const what = isGone ? `#${seq} of ${label} is no longer kept` : `${label} has no #${seq}`;
  throw new DomainError("no-such-event", `${what}. /history shows the numbers.`);
}

/** The reference as it is shown: without the room if that is the current one. */
export function referenceText({ label, isHere, seq }: EventReference): string {
  return `${isHere ? "" : label.replace(/^#/, "")}#${seq}`;
}
