/**
 * Replies and reactions as IRC clients send them: client-only tags that name a message by its id
 * (IRCv3 `+draft/reply`, `+draft/react`, `+draft/unreact`).
 *
 * @module
 */

import { parseEmoji } from "../../../domain/acts/emoji.ts";
import { directRoom } from "../../../domain/direct_room.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import { nameKey } from "../../../domain/name.ts";
import type { RoomStream } from "../../../domain/rooms/room_stream.ts";
import { reactTo, referenceIn, type Reply, replyTo } from "../../chat/acts/message_acts.ts";
import { parseMsgid } from "../history/history_selector.ts";
import type { IrcClient } from "../irc_door.ts";
import { REACT_TAG, REPLY_TAG, UNREACT_TAG } from "../lines/client_tags.ts";

type Tags = Iterable<readonly [string, string]>;

/** A room, or a conversation. */
type Place = Pick<RoomStream, "name" | "lastSeq">;

/** The conversation of two accounts; the caller checks whether there is one. */
export function conversationOf(account: string, partner: string): Place {
  return { name: directRoom(account, partner), lastSeq: Infinity };
}

/** The number of the message of a place that the tags refer to; `undefined` if to none. */
export function repliedNumber(room: Place, tags: Tags): number | undefined {
  const [, id = ""] = [...tags].find(([name]) => name === REPLY_TAG) ?? [];
  const event = parseMsgid(id);
  const isHere = event && nameKey(event.room) === nameKey(room.name) && event.seq <= room.lastSeq;
  return isHere ? event.seq : undefined;
}

/**
 * Says something in answer to a message.
 *
 * @param sayPlainly Says it without a reference, because the message can no longer be answered.
 */
export async function sayReply(
  { person }: IrcClient,
  place: Place,
  seq: number,
  reply: Reply,
  sayPlainly: () => unknown,
): Promise<void> {
  const { tags, ...fields } = reply.fields ?? {};
  const others = Object.entries(tags ?? {}).filter(([name]) => name !== REPLY_TAG);
  const kept = others.length > 0 ? { ...fields, tags: Object.fromEntries(others) } : fields;
  try {
    await replyTo(person, referenceIn(person, place, seq), { ...reply, fields: kept });
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "no-such-event") throw error;
    await sayPlainly();
  }
  await person.chat.registry.backpressure();
}

/**
 * Carries out the reactions among tags. One that is not an emoji, such as `lol`, is not stored, only
 * passed on, like any other tag.
 *
 * @returns The tags to pass on.
 * @throws {DomainError} As the rules of the room say.
 */
export async function takeReactions(
  { person }: IrcClient,
  place: Place,
  tags: readonly [string, string][],
): Promise<readonly [string, string][]> {
  const seq = repliedNumber(place, tags);
  if (seq === undefined) return tags;
  const taken = new Set<string>();
  for (const [name, value] of tags) {
    const emoji = isReaction(name) ? parseEmoji(value) : undefined;
    if (emoji === undefined) continue;
    await reactTo(person, referenceIn(person, place, seq), emoji, name === REACT_TAG);
    taken.add(name);
  }
  const rest = tags.filter(([name]) => !taken.has(name));
  // The reply tag belongs to the reactions, unless one of them is passed on.
  const isSpent = taken.size > 0 && !rest.some(([name]) => isReaction(name));
  return isSpent ? rest.filter(([name]) => name !== REPLY_TAG) : rest;
}

function isReaction(name: string): boolean {
  return name === REACT_TAG || name === UNREACT_TAG;
}
