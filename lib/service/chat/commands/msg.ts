import { nameKey } from "../../../domain/name.ts";
import type { ChatSession } from "../chat_session.ts";
import { type ChatCommand, showUsage, splitWord } from "../command.ts";

export const msg: ChatCommand = {
  name: "msg",
  usage: "/msg NAME TEXT",
  summary: "say something to one person only",
  details: "Private messages are delivered and not kept: no log has them.",
  run(person, argument) {
    const [name, text] = splitWord(argument);
    if (text === "") return showUsage(person, msg);
    sendPrivately(person, person.findPerson(name), text);
  },
};

/** Delivers a private message, which is not stored, or says why it was not. */
export function sendPrivately(from: ChatSession, to: ChatSession, text: string): void {
  if (from === to) return from.error("That is your own name. /msg NAME TEXT writes to another.");
  const message = { from: from.nickname, to: to.nickname, body: text.normalize("NFC") };
  if (!to.ignored.has(nameKey(from.nickname))) {
    if (!to.screen.showPrivate(message)) {
      return from.error(`${to.nickname} is not reading at the moment. Nothing was delivered.`);
    }
    to.correspondent = from;
  }
  from.screen.showPrivate(message);
  if (to.awayText !== undefined) {
    from.notice(`${to.nickname} is away${to.awayText === "" ? "" : `: ${to.awayText}`}.`);
  }
}
