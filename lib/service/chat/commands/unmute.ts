import { type ChatCommand, showUsage } from "../command.ts";
import { answerAct, resolveTarget } from "../moderation_target.ts";

export const unmute: ChatCommand = {
  name: "unmute",
  usage: "/unmute NAME|ADDRESS|RANGE",
  summary: "let somebody speak in this room again",
  details: "/bans lists who is muted. For moderators.",
  async run(person, argument) {
    const room = person.requireRoom();
    if (argument === "" || /\s/.test(argument)) return showUsage(person, unmute);
    const target = resolveTarget(person, argument);
    answerAct(
      person,
      await person.chat.moderation.sanctions.unmute(person.member, room.name, target),
    );
  },
};
