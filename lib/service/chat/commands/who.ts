import { DomainError } from "../../../domain/domain_error.ts";
import { parseRoomName } from "../../../domain/name.ts";
import type { ChatSession } from "../chat_session.ts";
import type { ChatCommand } from "../command.ts";

const MAX_LISTED = 500;
const NAMES_PER_LINE = 20;

export const who: ChatCommand = {
  name: "who",
  aliases: ["names"],
  usage: "/who [ROOM]",
  summary: "list the people in this room or another",
  run(person, argument) {
    const name = argument === "" ? person.requireRoom().name : parseRoomName(argument);
    const room = person.sees.find(name);
    if (!room || room.members.size === 0) {
      throw new DomainError("no-such-room", `Nobody is in #${name}. /rooms lists the rooms.`);
    }
    const listed = [...room.members].slice(0, MAX_LISTED)
      .map(({ nickname }) => describe(nickname, person.chat.people.find(nickname)));
    person.notice(`In #${room.name}: ${listed.slice(0, NAMES_PER_LINE).join(", ")}`);
    for (let start = NAMES_PER_LINE; start < listed.length; start += NAMES_PER_LINE) {
      person.notice(`  ${listed.slice(start, start + NAMES_PER_LINE).join(", ")}`);
    }
    const more = room.members.size - listed.length;
    if (more > 0) person.notice(`  and ${more.toLocaleString("en")} more`);
  },
};

function describe(nickname: string, person: ChatSession | undefined): string {
  if (person?.awayText === undefined) return nickname;
  return person.awayText === "" ? `${nickname} (away)` : `${nickname} (away: ${person.awayText})`;
}
