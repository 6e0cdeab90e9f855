/**
 * Tells people what they have missed while they were away, in a line: who spoke, how much, and
 * where they were mentioned.
 *
 * @module
 */

import { DomainError } from "../../../domain/domain_error.ts";
import { type MissedTalk, readMissed } from "../../../domain/history/missed_talk.ts";
import { RECENT_LIMIT } from "../../../domain/rooms/recent_talk.ts";
import { countText } from "../../../domain/wording.ts";
import type { ChatSession } from "../chat_session.ts";
import type { Marks } from "../person_store.ts";

/** Rooms that are looked at, those read last, and rooms that are told. */
const MOST_ROOMS = 10;
const MOST_TOLD = 3;
const MOST_NAMES = 3;

/** Tells somebody what came after some marks, unless they have just been shown it. */
export async function tellMissed(person: ChatSession, marks: Marks = new Map()): Promise<void> {
  if (marks.size === 0) return;
  try {
    const missed = await findMissed(person, [...marks].slice(-MOST_ROOMS).reverse());
    if (missed.length > 0) person.notice(`While you were away: ${missedText(missed)}`);
  } catch (error) {
    // The log says why it cannot be read.
    if (!(error instanceof DomainError)) throw error;
  }
}

/**
 * What came after the marks in rooms that somebody may read; most mentions first.
 *
 * @param options.isShown Whether the recent lines of the rooms they are in have been shown.
 */
export async function findMissed(
  person: Pick<ChatSession, "sees" | "nickname" | "ignored" | "findRoom" | "screen">,
  marks: readonly (readonly [room: string, seq: number])[],
  { isShown = true }: { readonly isShown?: boolean } = {},
): Promise<MissedTalk[]> {
  const { sees } = person;
  const missed: MissedTalk[] = [];
  for (const [name, after] of marks) {
    const room = sees.find(name) ?? await sees.room(name);
    if (!room || room.lastSeq <= after || (isShown && isRecent(person, name, after))) continue;
    await person.screen.turn();
    const talk = await readMissed(sees, room, after, person);
    if (talk) missed.push(talk);
  }
  return missed.sort((one, other) =>
    other.mentions - one.mentions || other.messages - one.messages
  );
}

/** Whether what came after a number is among the lines that are shown on entering a room. */
function isRecent(person: Pick<ChatSession, "findRoom">, name: string, after: number): boolean {
  const recent = person.findRoom(name)?.recent;
  if (!recent) return false;
  return recent.length < RECENT_LIMIT || recent[0].seq <= after + 1;
}

/** `34 messages in #ops from ann, bob and 2 others, 1 mentions you (#412); 9 log lines in #log.` */
function missedText(missed: readonly MissedTalk[]): string {
  const parts = missed.slice(0, MOST_TOLD).map(roomText);
  const rest = missed.length - MOST_TOLD;
  if (rest > 0) parts.push(`more in ${countText(rest, "other room")}`);
  return `${parts.join("; ")}.`;
}

function roomText(talk: MissedTalk): string {
  const { room, messages, logLines, hasMore, people, mentions, mention } = talk;
  const more = hasMore ? "more than " : "";
  if (messages === 0) return `${more}${countText(logLines, "log line")} in #${room}`;
  const others = people.length - MOST_NAMES;
  const names = people.slice(0, others === 1 ? MOST_NAMES + 1 : MOST_NAMES);
  const listed = [...names, ...(others > 1 ? [`${others} others`] : [])];
  const last = listed.pop();
  const from = listed.length > 0 ? `${listed.join(", ")} and ${last}` : last;
  const mentioned = mentions === 0
    ? ""
    : `, ${mentions} ${mentions === 1 ? "mentions" : "mention"} you (#${mention})`;
  return `${more}${countText(messages, "message")} in #${room} from ${from}${mentioned}`;
}
