import { type ChatCommand, showUsage } from "../command.ts";
import { answerAct, peopleOf, resolveAccount } from "../moderation_target.ts";

export const invite: ChatCommand = {
  name: "invite",
  usage: "/invite NAME",
  summary: "invite somebody to this room",
  details: "NAME has an account. They may enter this room although it is private or has a key, " +
    "and are told of it, or when they come back. For moderators. /uninvite takes it back.",
  async run(person, argument) {
    const room = person.requireRoom();
    if (argument === "" || /\s/.test(argument)) return showUsage(person, invite);
    const account = resolveAccount(person, argument);
    const present = peopleOf(person, account.key);
    const { moderation } = person.chat;
    const isPresent = present.length > 0;
    answerAct(person, await moderation.invite(person.member, room.name, account, isPresent));
    for (const guest of present) {
      guest.notice(
        `${person.nickname} invited you to #${room.name}. /join ${room.name} enters it.`,
      );
    }
    if (!isPresent) person.notice(`${account.name} is away, and is told on coming back.`);
  },
};
