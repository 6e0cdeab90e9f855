import type { ChatCommand } from "../command.ts";
import { roomLines } from "../rooms/room_lists.ts";

export const rooms: ChatCommand = {
  name: "rooms",
  aliases: ["list"],
  usage: "/rooms",
  summary: "list the rooms",
  details: "Busiest first, then the empty ones that were used last.",
  async run(person) {
    for (const line of await roomLines(person.sees)) person.notice(line);
  },
};
