import type { Room } from "../../../domain/room.ts";
import type { ChatCommand } from "../command.ts";

const MOST_LISTED = 50;

export const rooms: ChatCommand = {
  name: "rooms",
  usage: "/rooms",
  summary: "list the rooms",
  details: "First those with people in them, the fullest first, then those of earlier days.",
  async run(person) {
    const { registry, log } = person.chat;
    const open = [...registry.open].filter((room) => room.members.size > 0);
    open.sort((a, b) => b.members.size - a.members.size);
    for (const room of open.slice(0, MOST_LISTED)) {
      person.notice(`#${room.name}  ${people(room)}${about(room.topic)}`);
    }
    if (open.length > MOST_LISTED) {
      person.notice(`... and ${open.length - MOST_LISTED} more with people in them`);
    }
    const names = new Set(open.map((room) => room.name));
    const past = (await log.rooms(MOST_LISTED + names.size)).filter(({ name }) => !names.has(name));
    for (const { name, firstSeq, lastSeq, topic } of past.slice(0, MOST_LISTED)) {
      person.notice(`#${name}  nobody, ${count(lastSeq - firstSeq + 1, "event")}${about(topic)}`);
    }
  },
};

function people(room: Room): string {
  return room.members.size === 1 ? "1 person" : `${room.members.size} people`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function about(topic: string): string {
  return topic === "" ? "" : `: ${topic}`;
}
