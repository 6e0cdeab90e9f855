import { DomainError } from "../../../domain/domain_error.ts";
import { parseRoomName } from "../../../domain/name.ts";
import type { ChatCommand } from "../command.ts";
import { whereabouts } from "../text/sentence.ts";

export const leave: ChatCommand = {
  name: "leave",
  aliases: ["part"],
  usage: "/leave [ROOM]",
  summary: "leave this room or another",
  run(person, argument) {
    const room = argument === ""
      ? person.requireRoom()
      : person.findCalled(parseRoomName(argument));
    if (!room) {
      throw new DomainError("not-in-room", `You are not in #${parseRoomName(argument)}.`);
    }
    person.visits.leave(room);
    person.notice(`You left #${room.name}. ${whereabouts(person)}`);
  },
};
