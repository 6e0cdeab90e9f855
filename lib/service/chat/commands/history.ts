import { findTalk, findTalkAround } from "../../../domain/history/read_talk.ts";
import type { SeqRange } from "../../../domain/history/room_history.ts";
import type { ChatSession } from "../chat_session.ts";
import { type ChatCommand, showUsage } from "../command.ts";
import {
  type EventReference,
  readReferenced,
  REFERENCE,
  resolveReference,
} from "../event_reference.ts";
import { showTalk } from "../rooms/show_talk.ts";

const DEFAULT_COUNT = 20;
const MAX_COUNT = 500;
/** The groups are a conversation, the count, the direction, and those of a reference. */
const ARGUMENT = new RegExp(
  `^(@[^\\s#]+)?\\s*(\\d{1,9})?\\s*(?:(before|around)\\s+${REFERENCE})?$`,
  "i",
);

export const history: ChatCommand = {
  name: "history",
  usage: "/history [N] [before #SEQ]",
  summary: "show what was said in this room, with numbers and times",
  details: `Shows ${DEFAULT_COUNT} lines by default, and at most ${MAX_COUNT}. ` +
    "/history 50 before #381 goes further back. /history around log#4428 shows what was said " +
    "before and after a line, here or in another room. /history @bob shows what you and bob wrote " +
    "to each other.",
  async run(person, argument) {
    const match = ARGUMENT.exec(argument);
    const count = Math.min(Number(match?.[2] ?? DEFAULT_COUNT), MAX_COUNT);
    if (!match || count === 0) return showUsage(person, history);
    const [, place, , direction, room = place, seq] = match;
    if (direction === undefined) {
      const end = await resolveReference(person, place, Infinity);
      return await showBefore(person, end, count, "");
    }
    const reference = await resolveReference(person, room, Number(seq));
    if (direction.toLowerCase() === "around") return await showAround(person, reference, count);
    await showBefore(person, reference, count, ` before #${reference.seq}`);
  },
};

/** @param where Names the place in a sentence. */
async function showBefore(
  person: ChatSession,
  reference: EventReference,
  count: number,
  where: string,
): Promise<void> {
  const { room, label, lastSeq, seq } = reference;
  const log = person.sees;
  const found = await findTalk(log, room, { before: Math.min(seq, lastSeq + 1), count });
  const { firstSeq = 1 } = found.count < count ? await log.room(room) ?? {} : {};
  if (firstSeq > 1) person.notice(`Messages before #${firstSeq} are no longer kept.`);
  else if (found.count === 0) person.notice(`Nothing was said in ${label}${where}.`);
  await show(person, reference, found);
}

async function showAround(
  person: ChatSession,
  reference: EventReference,
  count: number,
): Promise<void> {
  await readReferenced(person, reference);
  const { room, lastSeq, seq } = reference;
  const found = await findTalkAround(person.sees, room, { around: seq, lastSeq, count });
  await show(person, reference, found);
}

async function show(
  person: ChatSession,
  { room, label, isHere }: EventReference,
  found: SeqRange,
): Promise<void> {
  const name = label.replace(/^#/, "");
  await showTalk(person, { room, label: isHere ? undefined : name }, found);
}
