import { findTalk, findTalkAround, talkPages } from "../../../domain/read_talk.ts";
import type { ChatSession } from "../chat_session.ts";
import { type ChatCommand, showUsage } from "../command.ts";
import {
  type EventReference,
  readReferenced,
  REFERENCE,
  resolveReference,
} from "../event_reference.ts";

const DEFAULT_COUNT = 20;
const MAX_COUNT = 500;
/** Lines read and shown at a time, as long as the reader keeps up. */
const PAGE_LINES = 25;
/** The groups are the count, the direction, and those of a reference. */
const ARGUMENT = new RegExp(`^(\\d{1,9})?\\s*(?:(before|around)\\s+${REFERENCE})?$`, "i");

export const history: ChatCommand = {
  name: "history",
  usage: "/history [N] [before #SEQ]",
  summary: "show what was said in this room, with numbers and times",
  details: `Shows ${DEFAULT_COUNT} lines by default, and at most ${MAX_COUNT}. ` +
    "/history 50 before #381 goes further back. /history around log#4428 shows what was said " +
    "before and after a line, here or in another room.",
  async run(person, argument) {
    const match = ARGUMENT.exec(argument);
    const count = Math.min(Number(match?.[1] ?? DEFAULT_COUNT), MAX_COUNT);
    if (!match || count === 0) return showUsage(person, history);
    const [, , direction, room, seq] = match;
    if (direction === undefined) {
      const { name, lastSeq } = person.requireRoom();
      const end = { room: name, isHere: true, lastSeq, seq: lastSeq + 1 };
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
  { room, isHere, lastSeq, seq }: EventReference,
  count: number,
  where: string,
): Promise<void> {
  const log = person.sees;
  const found = await findTalk(log, room, { before: Math.min(seq, lastSeq + 1), count });
  const { firstSeq = 1 } = found.count < count ? await log.room(room) ?? {} : {};
  if (firstSeq > 1) person.notice(`Messages before #${firstSeq} are no longer kept.`);
  else if (found.count === 0) person.notice(`Nothing was said in #${room}${where}.`);
  await showTalk(person, { room, isHere }, found);
}

async function showAround(
  person: ChatSession,
  reference: EventReference,
  count: number,
): Promise<void> {
  await readReferenced(person, reference);
  const { room, lastSeq, seq } = reference;
  const found = await findTalkAround(person.sees, room, { around: seq, lastSeq, count });
  await showTalk(person, reference, found);
}

async function showTalk(
  person: ChatSession,
  { room, isHere }: Pick<EventReference, "room" | "isHere">,
  found: { readonly after: number; readonly before: number },
): Promise<void> {
  for await (const page of talkPages(person.sees, room, found, PAGE_LINES)) {
    if (!await person.screen.ready()) return;
    await person.screen.turn();
    for (const event of page) person.screen.showNumbered(event, isHere ? undefined : room);
  }
}
