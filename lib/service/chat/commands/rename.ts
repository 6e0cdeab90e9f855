import { parseRoomName } from "../../../domain/name.ts";
import { type ChatCommand, showUsage, splitWord } from "../command.ts";
import { answerAct } from "../moderation_target.ts";

export const rename: ChatCommand = {
  name: "rename",
  aliases: ["move"],
  usage: "/rename NAME [REASON]",
  summary: "give this room another name",
  details: "Everybody here goes on in a room of the new name, with the topic and the settings of " +
    "this one. What was said before stays under the old name. If the room has an owner, who joins " +
    "the old name enters the new room from then on. For owners, and for who keeps order in a room " +
    "without one.",
  async run(person, argument) {
    const { name: room } = person.requireRoom();
    const [word, reason] = splitWord(argument);
    if (word === "") return showUsage(person, rename);
    const { moderation, followers } = person.chat;
    const to = parseRoomName(word);
    answerAct(person, await moderation.rename(person.member, room, to, reason.normalize("NFC")));
    await followers.settled();
  },
};
