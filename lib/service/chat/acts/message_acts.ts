/**
 * What people do with something that was said, by any door: answer it, react to it, pin it.
 *
 * The event is read back first, for as long as it is kept and the person may read it; then the rules
 * of the room decide.
 *
 * @module
 */

import { aboutOf, isActionable } from "../../../domain/acts/about.ts";
import { isPinned, MOST_PINS } from "../../../domain/acts/pins.ts";
import { hasReaction, whyTooMany } from "../../../domain/acts/reactions.ts";
import { isDirectRoom, partnerIn } from "../../../domain/direct_room.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import { tombstoneOf } from "../../../domain/redaction.ts";
import type { Draft, RoomEvent } from "../../../domain/room_event.ts";
import type { RoomStream } from "../../../domain/rooms/room_stream.ts";
import type { ChatSession } from "../chat_session.ts";
import { type EventReference, readReferenced } from "../event_reference.ts";
import { nowCalled } from "../rooms/room_lists.ts";
import { accountOf, type Recipient, sendPrivately } from "../speech/private_messages.ts";
import type { SayReceipt } from "../speech/receipts.ts";

/** Something to say in answer to an event. */
export interface Reply {
  readonly kind: "message" | "action";
  readonly body: string;
  /** What a door keeps with it. */
  readonly fields?: Draft["fields"];
  readonly receipt?: SayReceipt;
}

/** The reference to an event of a room that a person is in, or of a conversation of theirs. */
export function referenceIn(
  { sees }: ChatSession,
  { name: room, lastSeq }: Pick<RoomStream, "name" | "lastSeq">,
  seq: number,
): EventReference {
  return { room, label: sees.label(room), isHere: true, lastSeq, seq };
}

/**
 * Says something in answer to an event, and stays in the current room. The answer to a private
 * message is private, and always of kind `message`.
 *
 * @throws {DomainError}
 */
export async function replyTo(
  person: ChatSession,
  reference: EventReference,
  { kind, body, fields, receipt }: Reply,
): Promise<void> {
  const isPrivate = isDirectRoom(reference.room);
  if (!isPrivate) requireMembership(person, reference);
  const event = await readActionable(person, reference);
  const details = { fields: { ...fields, reply: event.seq }, about: aboutOf(event) };
  if (isPrivate) {
    return await sendPrivately(person, partnerOf(person, reference), body, receipt, details);
  }
  const room = requireMembership(person, reference);
  const { currentRoom } = person;
  person.member.turnTo(room);
  try {
    person.speech.say(kind, body, receipt, details);
  } finally {
    person.member.turnTo(currentRoom);
  }
}

/**
 * Adds a reaction or takes it back. Resolves once it is stored.
 *
 * @param isWanted Whether the person is to have it; without it, whether they do not have it yet.
 * @returns Whether they have it now.
 * @throws {DomainError}
 */
export async function reactTo(
  person: ChatSession,
  reference: EventReference,
  emoji: string,
  isWanted?: boolean,
): Promise<boolean> {
  const event = await readActionable(person, reference);
  const { reactions = [] } = event;
  const name = actorIn(person, reference);
  const had = hasReaction(reactions, emoji, name);
  const has = isWanted ?? !had;
  if (has === had) return has;
  const refusal = has ? whyTooMany(reactions, emoji, name) : undefined;
  if (refusal !== undefined) throw new DomainError("not-permitted", refusal);
  await act(person, reference, event, has ? "react" : "unreact", emoji);
  return has;
}

/** Pins an event. Resolves once that is stored. @throws {DomainError} */
export async function pinEvent(person: ChatSession, reference: EventReference): Promise<void> {
  const event = await readActionable(person, reference);
  if (isDirectRoom(reference.room)) {
    throw new DomainError("not-permitted", "Only what was said in a room can be pinned.");
  }
  const { label, seq, room } = reference;
  const pins = await person.sees.pins(room);
  if (isPinned(pins, seq)) {
    throw new DomainError(
      "not-permitted",
      `#${seq} of ${label} is already pinned. /pins lists all.`,
    );
  }
  if (pins.length >= MOST_PINS) {
    throw new DomainError(
      "not-permitted",
      `${label} has ${MOST_PINS} pins, which is the limit. /unpin one first; /pins lists them.`,
    );
  }
  await act(person, reference, event, "pin");
}

/** Removes a pin. Resolves once that is stored. @throws {DomainError} */
export async function unpinEvent(person: ChatSession, reference: EventReference): Promise<void> {
  const { label, seq, room } = reference;
  const pinned = (await person.sees.pins(room)).find((pin) => pin.seq === seq);
  if (!pinned) {
    throw new DomainError("no-such-event", `#${seq} of ${label} is not pinned. /pins lists all.`);
  }
  await act(person, reference, pinned.event, "unpin");
}

async function act(
  person: ChatSession,
  reference: EventReference,
  event: RoomEvent | undefined,
  kind: "react" | "unreact" | "pin" | "unpin",
  body = "",
): Promise<void> {
  const { chat: { registry }, member } = person;
  const { room, seq } = reference;
  const details = { fields: { of: String(seq) }, about: event && aboutOf(event) };
  if (isDirectRoom(room)) {
    const from = actorIn(person, reference);
    registry.sayPrivately(member, { room, kind, from, body, ...details });
  } else registry.say(member, requireMembership(person, reference), kind, body, details);
  await registry.settled();
}

/** The name under which a person acts: in a conversation, the name of their account. */
function actorIn(person: ChatSession, { room }: EventReference): string {
  return (isDirectRoom(room) ? accountOf(person)?.name : undefined) ?? person.nickname;
}

/** The other account of a conversation. @throws {DomainError} `no-such-person` if it was removed. */
function partnerOf(
  { chat: { accounts }, member }: ChatSession,
  { room, label }: EventReference,
): Recipient {
  const key = partnerIn(room, member.account);
  const account = key === undefined ? undefined : accounts.find(key);
  if (account) return { account };
  throw new DomainError("no-such-person", `The account ${label.slice(1)} no longer exists.`);
}

function requireMembership(person: ChatSession, { room, label }: EventReference): RoomStream {
  const stream = person.findRoom(room);
  if (stream) return stream;
  const renamed = person.findCalled(room);
  if (renamed) {
    throw new DomainError(
      "not-in-room",
      `${nowCalled(room, renamed.name)} Earlier messages can be quoted, but not answered, pinned ` +
        "or reacted to.",
    );
  }
  const hint = label.startsWith("#") ? ` /join ${room} first.` : "";
  throw new DomainError("not-in-room", `You are not in ${label}.${hint}`);
}

async function readActionable(
  person: ChatSession,
  reference: EventReference,
): Promise<RoomEvent> {
  const event = await readReferenced(person, reference);
  const { label, seq } = reference;
  if (tombstoneOf(event)) {
    throw new DomainError("no-such-event", `#${seq} of ${label} has been redacted.`);
  }
  if (isActionable(event)) return event;
  throw new DomainError("no-such-event", `#${seq} of ${label} is not a message.`);
}
