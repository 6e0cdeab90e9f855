import { parseRoomName } from "../../../domain/name.ts";
import type { ChatCommand } from "../command.ts";
import { peopleLines } from "../rooms/room_lists.ts";

export const who: ChatCommand = {
  name: "who",
  aliases: ["names"],
  usage: "/who [ROOM]",
  summary: "list the people in this room or another",
  details: "Shows who is away and how long people have been idle.",
  run(person, argument) {
    const name = argument === "" ? person.requireRoom().name : parseRoomName(argument);
    for (const line of peopleLines(person.sees, name, person.chat.people)) person.notice(line);
  },
};
