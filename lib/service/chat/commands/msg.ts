import { DomainError } from "../../../domain/domain_error.ts";
import { findTalk } from "../../../domain/history/read_talk.ts";
import { nameKey } from "../../../domain/name.ts";
import { countText } from "../../../domain/wording.ts";
import { holderOf } from "../addressee.ts";
import type { ChatSession } from "../chat_session.ts";
import { type ChatCommand, showUsage, splitWord } from "../command.ts";
import { showTalk } from "../rooms/show_talk.ts";
import { findRecipient, sendPrivately } from "../speech/private_messages.ts";

/** Messages shown of a conversation without unread ones. */
const DEFAULT_COUNT = 20;
/** Most messages shown; `/history` goes further back. */
const MAX_COUNT = 100;
/** The most messages of a conversation that the list counts. */
const MOST_COUNTED = 1000;

export const msg: ChatCommand = {
  name: "msg",
  aliases: ["query", "w"],
  usage: "/msg NAME TEXT",
  addressee: (person, argument) => holderOf(person, splitWord(argument)[0]),
  summary: "say something to one person only",
  details: "Private messages between two accounts are kept for the two, and can be left for " +
    "somebody who is not here. /msg alone lists your conversations and what is unread, /msg NAME " +
    "shows the unread messages, and /history @NAME and /search in:@NAME reach further back. Other " +
    "private messages are delivered, but not kept.",
  async run(person, argument) {
    const [name, text] = splitWord(argument);
    if (text !== "") return await sendPrivately(person, findRecipient(person, name), text);
    if (person.member.account === undefined) return showUsage(person, msg);
    if (name === "") await listConversations(person);
    else await showConversation(person, name);
  },
};

async function listConversations(person: ChatSession): Promise<void> {
  const conversations = await person.correspondence.list();
  if (conversations.length === 0) {
    person.notice("You have no private messages yet. /msg NAME TEXT writes to somebody.");
  }
  for (const { name, room, firstSeq, lastSeq, unread, hasMore } of conversations) {
    const news = unread === 0 ? "" : `, ${unread}${hasMore ? "+" : ""} unread`;
    const range = { after: firstSeq - 1, before: lastSeq + 1 };
    const { count, after } = await person.sees.countTalk(room, range, MOST_COUNTED, "last");
    const messages = after > range.after ? `${count}+ messages` : countText(count, "message");
    person.notice(`${name}  ${messages}${news}`);
  }
}

/** Shows what is unread of a conversation or, if nothing is, its end. Then it has been read. */
async function showConversation(person: ChatSession, name: string): Promise<void> {
  const shown = person.chat.people.find(name)?.member.account ?? nameKey(name.replace(/^@/, ""));
  const conversation = await person.correspondence.with(shown);
  if (!conversation) {
    throw new DomainError(
      "no-such-room",
      `There are no private messages between you and ${name}. /msg NAME TEXT writes one.`,
    );
  }
  const { room, partner, firstSeq, lastSeq, read, unread } = conversation;
  const before = lastSeq + 1;
  const end = await findTalk(person.sees, room, {
    before,
    count: unread > 0 ? MAX_COUNT : DEFAULT_COUNT,
  });
  const after = unread > 0 ? Math.max(read, end.after) : end.after;
  if (unread > 0 && after > read) {
    person.notice(`These are the latest ${MAX_COUNT}. /history @${partner} 500 shows more.`);
  }
  if (end.count === 0 && firstSeq > 1) person.notice("These messages are no longer kept.");
  const isShown = await showTalk(person, { room, label: person.sees.label(room) }, {
    after,
    before,
  });
  if (isShown) person.correspondence.noteRead(partner, lastSeq);
}
