import { directRoom } from "../../../domain/direct_room.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import { nameKey } from "../../../domain/name.ts";
import { redactPrivately } from "../../chat/direct/redact_privately.ts";
import { parseMsgid } from "../history/history_selector.ts";
import { partnerOf } from "../history/history_target.ts";
import type { IrcClient } from "../irc_door.ts";
import { fromChannel, fromIrcNick, toChannel } from "../irc_names.ts";
import { inIrcWords } from "../irc_words.ts";
import { redactionMessage } from "../lines/redaction_message.ts";
import { sendFail } from "../standard_replies.ts";
import type { Verb } from "../verb.ts";

/** Removes the text of a message for good (IRCv3 draft/message-redaction). */
export const REDACT: Verb = {
  name: "REDACT",
  help: [
    "REDACT TARGET MSGID [:REASON] - removes the text of a message for good",
    "Operators of a channel can remove any; everybody can remove what they wrote themselves.",
  ],
  async run(client, { params: [target = "", msgid = "", reason = ""] }) {
    if (target === "" || msgid === "") {
      const sentence = "Missing parameters. Use REDACT TARGET MSGID [:REASON].";
      return sendFail(client, "REDACT", "NEED_MORE_PARAMS", [], sentence);
    }
    const room = roomOf(client, target);
    if (room === undefined) {
      const sentence = `You cannot redact messages of ${target}. JOIN the channel first.`;
      return sendFail(client, "REDACT", "INVALID_TARGET", [target], sentence);
    }
    const event = parseMsgid(msgid);
    try {
      if (!event || nameKey(event.room) !== nameKey(room)) {
        throw new DomainError("no-such-event", `${target} has no message with that id.`);
      }
      await redact(client, room, target, event.seq, reason.normalize("NFC"));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const code = error.code === "no-such-event" ? "UNKNOWN_MSGID" : "REDACT_FORBIDDEN";
      sendFail(client, "REDACT", code, [target, msgid], inIrcWords(error.message));
    }
  },
};

/** The room that a target means; `undefined` if the client has no part in it. */
function roomOf(client: IrcClient, target: string): string | undefined {
  const { person, member } = client;
  const channel = fromChannel(target);
  if (channel !== undefined) {
    const own = person.findRoom(channel);
    if (own) return own.name;
    // The channel may have been renamed since the message was sent.
    if (person.findRoom(person.chat.access.currentName(channel))) return channel;
    // Operators of the server keep order everywhere.
    return member.isOperator ? person.sees.find(channel)?.name : undefined;
  }
  const partner = partnerOf(client, target);
  return partner === undefined ? undefined : directRoom(member.account!, partner);
}

async function redact(
  client: IrcClient,
  room: string,
  target: string,
  seq: number,
  reason: string,
): Promise<void> {
  const { person, member, irc: { chat } } = client;
  if (target.startsWith("#")) {
    await chat.moderation.redact(member, room, seq, reason);
    // Somebody who is not in the channel is told here.
    if (person.findRoom(room)) return;
    const redaction = { room, body: reason, fields: { of: String(seq) } };
    return client.send(redactionMessage(client.mask, toChannel(room), redaction));
  }
  client.addressed = fromIrcNick(target);
  const reference = { room, label: target, isHere: false, lastSeq: Infinity, seq };
  await redactPrivately(person, reference, reason);
}
