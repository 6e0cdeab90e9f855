import { type ChatCommand, showUsage } from "../command.ts";
import { answerAct, resolveAccount } from "../moderation_target.ts";

export const uninvite: ChatCommand = {
  name: "uninvite",
  usage: "/uninvite NAME",
  summary: "take back an invitation to this room",
  details: "If the room is private, they have to leave it. For moderators.",
  async run(person, argument) {
    const room = person.requireRoom();
    if (argument === "" || /\s/.test(argument)) return showUsage(person, uninvite);
    const account = resolveAccount(person, argument);
    answerAct(person, await person.chat.moderation.uninvite(person.member, room.name, account));
  },
};
