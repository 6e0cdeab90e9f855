import type { Room } from "../../../domain/room.ts";
import { countText } from "../../../domain/wording.ts";
import type { ChatCommand } from "../command.ts";

const MAX_LISTED = 50;

export const rooms: ChatCommand = {
  name: "rooms",
  aliases: ["list"],
  usage: "/rooms",
  summary: "list the rooms",
  details: "Busiest first, then empty rooms.",
  async run(person) {
    const { sees } = person;
    const open = sees.open.filter((room) => room.members.size > 0);
    open.sort((a, b) => b.members.size - a.members.size);
    for (const room of open.slice(0, MAX_LISTED)) {
      person.notice(`#${room.name}  ${people(room)}${about(room.topic)}`);
    }
    if (open.length > MAX_LISTED) {
      person.notice(`... and ${open.length - MAX_LISTED} more with people in them`);
    }
    const names = new Set(open.map((room) => room.name));
    const past = (await sees.rooms(MAX_LISTED + names.size)).filter(({ name }) => !names.has(name));
    for (const { name, firstSeq, lastSeq, topic } of past.slice(0, MAX_LISTED)) {
      person.notice(
        `#${name}  nobody, ${countText(lastSeq - firstSeq + 1, "event")}${about(topic)}`,
      );
    }
  },
};

function people(room: Room): string {
  return room.members.size === 1 ? "1 person" : `${room.members.size} people`;
}

function about(topic: string): string {
  return topic === "" ? "" : `: ${topic}`;
}
