/**
 * Lists of rooms, and of the people in one, as lines of text.
 *
 * @module
 */

import type { PermittedRooms } from "../../../domain/archive/permitted_rooms.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import type { Room } from "../../../domain/rooms/room.ts";
import { countText, groupDigits } from "../../../domain/wording.ts";
import type { ChatSession } from "../chat_session.ts";
import { formatSpan } from "../duration.ts";

/** Most people, and most rooms of each kind, that are listed. */
const MOST_PEOPLE = 500;
const MOST_ROOMS = 50;
const NAMES_PER_LINE = 20;
/** Shorter silences are not shown as idle time. */
const SHOWN_IDLE_SECONDS = 60;

/** People by name. */
interface People {
  find(name: string): ChatSession | undefined;
}

/** The people in a room. @throws {DomainError} `no-such-room`. */
export function peopleLines(sees: PermittedRooms, name: string, people: People): string[] {
  const current = sees.currentName(name);
  const room = sees.find(current);
  if (!room || room.members.size === 0) {
    throw new DomainError("no-such-room", `Nobody is in #${current}. /rooms lists the rooms.`);
  }
  const listed = [...room.members].slice(0, MOST_PEOPLE)
    .map(({ nickname }) => personText(nickname, people.find(nickname)));
  const lines = [
    ...(current === name ? [] : [nowCalled(name, current)]),
    `In #${room.name}: ${listed.slice(0, NAMES_PER_LINE).join(", ")}`,
  ];
  for (let start = NAMES_PER_LINE; start < listed.length; start += NAMES_PER_LINE) {
    lines.push(`  ${listed.slice(start, start + NAMES_PER_LINE).join(", ")}`);
  }
  const more = room.members.size - listed.length;
  if (more > 0) lines.push(`  and ${groupDigits(more)} more`);
  return lines;
}

/** Tells somebody who uses a former name what the room is called now. */
export function nowCalled(former: string, current: string): string {
  return `#${former} is #${current} now.`;
}

/** The rooms: the busiest first, then the empty ones that were used last. */
export async function roomLines(sees: PermittedRooms): Promise<string[]> {
  const open = busyRooms(sees);
  const lines = open.slice(0, MOST_ROOMS)
    .map((room) => `#${room.name}  ${countOf(room)}${about(room.topic)}`);
  if (open.length > MOST_ROOMS) {
    lines.push(`... and ${groupDigits(open.length - MOST_ROOMS)} more with people in them`);
  }
  const names = new Set(open.map((room) => room.name));
  const known = await sees.rooms(MOST_ROOMS + names.size + 1);
  const past = known.filter(({ name }) => !names.has(name));
  for (const { name, firstSeq, lastSeq, topic } of past.slice(0, MOST_ROOMS)) {
    const events = countText(lastSeq - firstSeq + 1, "event");
    const current = sees.currentName(name);
    lines.push(
      current === name
        ? `#${name}  nobody, ${events}${about(topic)}`
        : `#${name}  is #${current} now, ${events}`,
    );
  }
  if (past.length > MOST_ROOMS) lines.push("... and more that nobody is in");
  return lines;
}

/** The rooms with people in them, the busiest first. */
export function busyRooms(sees: PermittedRooms): Room[] {
  const open = sees.open.filter((room) => room.members.size > 0);
  return open.sort((a, b) => b.members.size - a.members.size);
}

/** `ann`, `ann (idle 5m)`, `ann (away: lunch, idle 2h)` */
function personText(nickname: string, person: ChatSession | undefined): string {
  const { awayText, idleSeconds = 0 } = person ?? {};
  const facts: string[] = [];
  if (awayText !== undefined) facts.push(awayText === "" ? "away" : `away: ${awayText}`);
  if (idleSeconds >= SHOWN_IDLE_SECONDS) facts.push(`idle ${formatSpan(idleSeconds * 1000)}`);
  return facts.length === 0 ? nickname : `${nickname} (${facts.join(", ")})`;
}

function countOf(room: Room): string {
  return room.members.size === 1 ? "1 person" : `${room.members.size} people`;
}

function about(topic: string): string {
  return topic === "" ? "" : `: ${topic}`;
}
