import { parseRoomName } from "../../../domain/name.ts";
import { type ChatCommand, showUsage } from "../command.ts";

export const join: ChatCommand = {
  name: "join",
  aliases: ["j"],
  usage: "/join ROOM",
  summary: "join a room, or switch to it",
  details: "Entering a room creates it. Lines without a command go to the room that you joined " +
    "or switched to last.",
  async run(person, argument) {
    if (argument === "") return showUsage(person, join);
    await person.enter(parseRoomName(argument));
  },
};
