import { isDirectRoom } from "../../../domain/direct_room.ts";
import { type ChatCommand, showUsage } from "../command.ts";
import { redactPrivately } from "../direct/redact_privately.ts";
import { REFERENCE, resolveReference } from "../event_reference.ts";
import { answerAct } from "../moderation_target.ts";

const ARGUMENT = new RegExp(`^${REFERENCE}(?:\\s+(.*))?$`, "s");

export const redact: ChatCommand = {
  name: "redact",
  usage: "/redact #SEQ [REASON]",
  summary: "permanently remove the text of a line",
  details:
    "It is gone from the log and from searches; the line's number and sender stay, with who " +
    "removed the text and why. For moderators, and for your own lines; /redact @bob#12 removes " +
    "what you wrote to bob privately, for both of you. It cannot be undone.",
  async run(person, argument) {
    const match = ARGUMENT.exec(argument);
    if (!match) return showUsage(person, redact);
    const [, room, seq, reason = ""] = match;
    const { moderation } = person.chat;
    const reference = await resolveReference(person, room, Number(seq));
    const { room: name } = reference;
    const text = reason.normalize("NFC");
    if (isDirectRoom(name)) return await redactPrivately(person, reference, text);
    answerAct(person, await moderation.redact(person.member, name, Number(seq), text));
  },
};
