import { DomainError } from "../../../domain/domain_error.ts";
import { nameKey, parseRoomName } from "../../../domain/name.ts";
import type { ChatCommand } from "../command.ts";
import { whereabouts } from "../sentence.ts";

export const leave: ChatCommand = {
  name: "leave",
  aliases: ["part"],
  usage: "/leave [ROOM]",
  summary: "leave this room or another",
  run(person, argument) {
    const key = argument === "" ? "" : nameKey(parseRoomName(argument));
    const room = key === ""
      ? person.requireRoom()
      : person.rooms.find(({ name }) => nameKey(name) === key);
    if (!room) {
      throw new DomainError("not-in-room", `You are not in #${parseRoomName(argument)}.`);
    }
    person.leave(room);
    person.notice(`You left #${room.name}. ${whereabouts(person)}`);
  },
};
