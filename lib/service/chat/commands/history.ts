import { findTalk, talkPages } from "../../../domain/read_talk.ts";
import { type ChatCommand, showUsage } from "../command.ts";

const DEFAULT_COUNT = 20;
const MAX_COUNT = 500;
/** Lines read and shown at a time, as long as the reader keeps up. */
const PAGE_LINES = 25;
const ARGUMENT = /^(\d{1,9})?\s*(?:before\s+#?(\d{1,15}))?$/i;

export const history: ChatCommand = {
  name: "history",
  usage: "/history [N] [before #SEQ]",
  summary: "show what was said in this room, with numbers and times",
  details: `Shows ${DEFAULT_COUNT} lines by default, and at most ${MAX_COUNT}. ` +
    "/history 50 before #381 goes further back.",
  async run(person, argument) {
    const room = person.requireRoom();
    const match = ARGUMENT.exec(argument);
    const count = Math.min(Number(match?.[1] ?? DEFAULT_COUNT), MAX_COUNT);
    if (!match || count === 0) return showUsage(person, history);
    const before = match[2] === undefined ? room.lastSeq + 1 : Number(match[2]);
    const { log } = person.chat;
    const found = await findTalk(log, room.name, {
      before: Math.min(before, room.lastSeq + 1),
      count,
    });
    const { firstSeq = 1 } = found.count < count ? await log.room(room.name) ?? {} : {};
    if (firstSeq > 1) person.notice(`Messages before #${firstSeq} are no longer kept.`);
    else if (found.count === 0) {
      person.notice(`Nothing was said in #${room.name}${match[2] ? ` before #${before}` : ""}.`);
    }
    for await (const page of talkPages(log, room.name, found, PAGE_LINES)) {
      if (!await person.screen.ready()) return;
      await person.screen.turn();
      for (const event of page) person.screen.showNumbered(event);
    }
  },
};
