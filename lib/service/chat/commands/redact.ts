import { type ChatCommand, showUsage } from "../command.ts";
import { REFERENCE, resolveReference } from "../event_reference.ts";
import { answerAct } from "../moderation_target.ts";

const ARGUMENT = new RegExp(`^${REFERENCE}(?:\\s+(.*))?$`, "s");

export const redact: ChatCommand = {
  name: "redact",
  usage: "/redact #SEQ [REASON]",
  summary: "remove the text of a line for good",
  details:
    "It is gone from the log and from searches; the line's number and sender stay, with who " +
    "removed the text and why. For moderators. It cannot be undone.",
  async run(person, argument) {
    const match = ARGUMENT.exec(argument);
    if (!match) return showUsage(person, redact);
    const [, room, seq, reason = ""] = match;
    const { moderation } = person.chat;
    const { room: name } = await resolveReference(person, room, Number(seq));
    const text = reason.normalize("NFC");
    answerAct(person, await moderation.redact(person.member, name, Number(seq), text));
  },
};
