import { isPattern } from "../../../domain/access/rules/restrictions.ts";
import { type ChatCommand, showUsage } from "../command.ts";
import { answerAct, resolveAccount, resolveTarget } from "../moderation_target.ts";

export const uninvite: ChatCommand = {
  name: "uninvite",
  usage: "/uninvite NAME",
  summary: "take back an invitation to this room",
  details: "If the room is private, they have to leave it. For moderators.",
  async run(person, argument) {
    const room = person.requireRoom();
    if (argument === "" || /\s/.test(argument)) return showUsage(person, uninvite);
    const { moderation } = person.chat;
    if (isPattern(argument)) {
      const target = resolveTarget(person, argument);
      return answerAct(
        person,
        await moderation.invitations.unwelcome(person.member, room.name, target),
      );
    }
    const account = resolveAccount(person, argument);
    answerAct(person, await moderation.invitations.uninvite(person.member, room.name, account));
  },
};
