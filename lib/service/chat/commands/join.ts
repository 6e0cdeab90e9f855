import { parseRoomName } from "../../../domain/name.ts";
import { type ChatCommand, showUsage, splitWord } from "../command.ts";

export const join: ChatCommand = {
  name: "join",
  aliases: ["j"],
  usage: "/join ROOM [KEY]",
  summary: "join a room, or switch to it",
  details: "Entering a room creates it. Lines without a command go to the room that you joined " +
    "or switched to last.",
  async run(person, argument) {
    if (argument === "") return showUsage(person, join);
    const [word, key] = splitWord(argument);
    // Without a key, two words are a mistyped name.
    const hasKey = person.chat.access.rules(word.replace(/^#/, ""))?.key !== undefined;
    const name = parseRoomName(hasKey ? word : argument);
    await person.visits.enter(name, hasKey && key !== "" ? { key } : {});
  },
};
