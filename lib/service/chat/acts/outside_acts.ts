/**
 * Reacts to messages and pins them on behalf of somebody who is not in the chat, such as a script
 * with an account's token.
 *
 * @module
 */

import { aboutOf } from "../../../domain/acts/about.ts";
import { isPinned, MOST_PINS } from "../../../domain/acts/pins.ts";
import { hasReaction, whyTooMany } from "../../../domain/acts/reactions.ts";
import type { Asker } from "../../../domain/asker.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import type { RoomEvent } from "../../../domain/room_event.ts";
import type { ChatContext } from "../chat_session.ts";
import { readSaid } from "../speech/post_messages.ts";

/** A message, and where the request came from. */
export interface OutsideTarget {
  /** As `parseRoomName` returns it. */
  readonly room: string;
  readonly seq: number;
  readonly via: string;
  /** Unique to this request. */
  readonly origin: number;
}

/**
 * Adds or removes a reaction; resolves to the event once it is on disk, or to no event if nothing
 * changed.
 *
 * @throws {DomainError} `no-such-event`, and as the rules of the room say.
 * @throws {Error} if it could not be stored.
 */
export async function reactFromOutside(
  chat: ChatContext,
  asker: Asker,
  target: OutsideTarget,
  { emoji, isWanted }: { readonly emoji: string; readonly isWanted: boolean },
): Promise<readonly RoomEvent[]> {
  const event = await readSaid(chat.archive.for(asker), target.room, target.seq);
  const { reactions = [] } = event;
  if (hasReaction(reactions, emoji, asker.nickname) === isWanted) return [];
  const refusal = isWanted ? whyTooMany(reactions, emoji, asker.nickname) : undefined;
  if (refusal !== undefined) throw new DomainError("not-permitted", refusal);
  return await act(chat, asker, target, event, isWanted ? "react" : "unreact", emoji);
}

/** Pins or unpins a message; otherwise like {@linkcode reactFromOutside}. */
export async function pinFromOutside(
  chat: ChatContext,
  asker: Asker,
  target: OutsideTarget,
  isWanted: boolean,
): Promise<readonly RoomEvent[]> {
  const { room, seq } = target;
  const sees = chat.archive.for(asker);
  const event = isWanted ? await readSaid(sees, room, seq) : undefined;
  const pins = await sees.pins(room);
  if (isPinned(pins, seq) === isWanted) return [];
  if (isWanted && pins.length >= MOST_PINS) {
    throw new DomainError("not-permitted", `#${room} has ${MOST_PINS} pins, which is the limit.`);
  }
  return await act(chat, asker, target, event, isWanted ? "pin" : "unpin");
}

async function act(
  { archive, registry }: ChatContext,
  asker: Asker,
  { room: name, seq, via, origin }: OutsideTarget,
  event: RoomEvent | undefined,
  kind: "react" | "unreact" | "pin" | "unpin",
  body = "",
): Promise<readonly RoomEvent[]> {
  const room = (await archive.for(asker).room(name))?.name ?? name;
  const fields = { of: String(seq) };
  const about = event && aboutOf(event);
  return await registry.post(asker, [
    { room, kind, from: asker.nickname, body, via, origin, fields, about },
  ]);
}
