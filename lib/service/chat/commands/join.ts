import { parseRoomName } from "../../../domain/name.ts";
import { type ChatCommand, showUsage } from "../command.ts";

export const join: ChatCommand = {
  name: "join",
  usage: "/join ROOM",
  summary: "enter a room, or turn to it if you are in it",
  details: "A room comes to be when somebody enters it. Lines without a command go to the room " +
    "that you turned to last.",
  async run(person, argument) {
    if (argument === "") return showUsage(person, join);
    await person.enter(parseRoomName(argument));
  },
};
