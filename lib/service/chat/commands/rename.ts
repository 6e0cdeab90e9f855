import { parseRoomName } from "../../../domain/name.ts";
import { type ChatCommand, showUsage, splitWord } from "../command.ts";
import { answerAct } from "../moderation_target.ts";

export const rename: ChatCommand = {
  name: "rename",
  aliases: ["move"],
  usage: "/rename NAME [REASON]",
  summary: "give this room another name",
  details: "Moves everybody here to a new room with the same topic and settings. Earlier " +
    "messages stay under the old name. If the room has an owner, joining the old name enters the " +
    "new room. With only other capitals it stays the same room. For the room's owner, or for its " +
    "moderators if it has none.",
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
