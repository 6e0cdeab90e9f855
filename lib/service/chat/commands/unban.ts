import { type ChatCommand, showUsage } from "../command.ts";
import { answerAct, resolveTarget } from "../moderation_target.ts";

export const unban: ChatCommand = {
  name: "unban",
  usage: "/unban NAME|ADDRESS|RANGE",
  summary: "end a ban from this room",
  details: "/bans lists the bans. For moderators.",
  async run(person, argument) {
    const room = person.requireRoom();
    if (argument === "" || /\s/.test(argument)) return showUsage(person, unban);
    const target = resolveTarget(person, argument);
    answerAct(
      person,
      await person.chat.moderation.sanctions.unban(person.member, room.name, target),
    );
  },
};
