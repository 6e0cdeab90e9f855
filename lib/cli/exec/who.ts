/**
 * `ssh host who`: the people in a room, or in all rooms.
 *
 * @module
 */

import { DomainError } from "../../domain/domain_error.ts";
import { busyRooms, peopleLines } from "../../service/chat/rooms/room_lists.ts";
import { refuseSurplus } from "../options/flags.ts";
import type { ExecCommand } from "./exec_command.ts";

/** Most rooms listed. */
const MOST_ROOMS = 50;

export const whoExec: ExecCommand = {
  name: "who",
  summary: "list the people in a room, or in all rooms",
  usage: "who [ROOM]",
  options: [],

  run(args, { sees, chat, environment }) {
    refuseSurplus(args, 1, "who takes one room");
    const [name] = args.positionals;
    const rooms = name === undefined
      ? busyRooms(sees).slice(0, MOST_ROOMS).map((room) => room.name)
      : [sees.parseName(name)];
    const current = name === undefined ? undefined : sees.currentName(rooms[0]);
    if (current !== undefined && !sees.find(current)?.members.size) {
      throw new DomainError("no-such-room", `Nobody is in ${sees.label(current)}.`);
    }
    for (const room of rooms) {
      for (const line of peopleLines(sees, room, chat.people)) environment.stdout(line);
    }
    if (rooms.length === 0) environment.stdout("Nobody is here");
    return Promise.resolve(0);
  },
};
