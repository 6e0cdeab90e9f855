import { type ChatCommand, showUsage } from "../command.ts";
import { answerAct } from "../moderation_target.ts";
import { parseOrder } from "./ban.ts";

export const mute: ChatCommand = {
  name: "mute",
  usage: "/mute NAME|ADDRESS|RANGE [TIME] [REASON]",
  summary: "keep somebody from speaking in this room",
  details:
    "They may still read. As with /ban, TIME is like 30m, 2h or 7d, and NAME +address also " +
    "mutes their address. For moderators. /unmute ends it.",
  async run(person, argument) {
    const room = person.requireRoom();
    const order = parseOrder(person, argument);
    if (!order) return showUsage(person, mute);
    answerAct(person, await person.chat.moderation.sanctions.mute(person.member, room.name, order));
  },
};
