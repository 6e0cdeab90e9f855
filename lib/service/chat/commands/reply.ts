import { isDirectRoom } from "../../../domain/direct_room.ts";
import { replyTo } from "../acts/message_acts.ts";
import { correspondentOf, roomOf } from "../addressee.ts";
import type { ChatSession } from "../chat_session.ts";
import { type ChatCommand, showUsage } from "../command.ts";
import { type EventReference, resolveReference } from "../event_reference.ts";
import { replyPrivately } from "../speech/private_messages.ts";

const TO_EVENT = /^(?:(#?[^\s#]+)#|#)(\d{1,15})(?:\s+(.*))?$/s;

export const reply: ChatCommand = {
  name: "reply",
  usage: "/reply [#SEQ] TEXT",
  addressee: (person, argument) =>
    TO_EVENT.test(argument) ? roomOf(person) : correspondentOf(person),
  summary: "answer a message, or the person who wrote to you last",
  details:
    "/reply #12 yes answers message 12 of the room, for everybody in it; /history shows the " +
    "numbers. /reply @bob#12 yes answers a message of your conversation with bob. Without a " +
    "number, /reply answers the last private message, privately.",
  async run(person, argument) {
    if (argument === "") return showUsage(person, reply);
    const [, room, seq, body = ""] = TO_EVENT.exec(argument) ?? [];
    const reference = seq === undefined ? undefined : await referenceOf(person, room, Number(seq));
    if (!reference) return await replyPrivately(person, argument);
    if (body === "") return showUsage(person, reply);
    await replyTo(person, reference, { kind: "message", body });
  },
};

/**
 * Resolves a reference. A word like `c#3` at the beginning of a private answer counts as text unless
 * it names a room that the person is in, or a conversation.
 */
async function referenceOf(
  person: ChatSession,
  room: string | undefined,
  seq: number,
): Promise<EventReference | undefined> {
  const isNeither = room !== undefined && !isDirectRoom(room) &&
    !person.findCalled(room.replace(/^#/, ""));
  if (isNeither) return undefined;
  return await resolveReference(person, room, seq);
}
