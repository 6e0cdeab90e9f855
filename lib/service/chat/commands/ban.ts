import type { ChatSession } from "../chat_session.ts";
import { type ChatCommand, showUsage, splitWord } from "../command.ts";
import { checkNoSpan, parseSpan } from "../duration.ts";
import { answerAct, isLocal, resolveTarget, WITH_ADDRESS } from "../moderation_target.ts";

export const ban: ChatCommand = {
  name: "ban",
  usage: "/ban NAME|ADDRESS|RANGE [TIME] [REASON]",
  summary: "keep somebody out of this room",
  details: "TIME is like 30m, 2h or 7d; without one the ban is permanent. If NAME is " +
    "here, their account is banned, too; /ban NAME +address also bans their address. A range of " +
    "addresses is like 192.0.2.0/24, and a mask like spam*!*@* or *!*@192.0.2.*. For moderators. /unban ends it, /bans lists bans.",
  async run(person, argument) {
    const room = person.requireRoom();
    const order = parseOrder(person, argument);
    if (!order) return showUsage(person, ban);
    const { moderation } = person.chat;
    answerAct(person, await moderation.sanctions.ban(person.member, room.name, order));
    const { name, also } = order.target;
    const guest = person.chat.people.find(name);
    const isNearby = guest?.member.address === undefined || isLocal(guest.member.address);
    if (guest && guest.member.account === undefined && !also && !isNearby) {
      person.notice(
        `${guest.nickname} has no account and can take another name. ` +
          `/ban ${guest.nickname} ${WITH_ADDRESS} bans the address, too.`,
      );
    }
  },
};

/** Parses `NAME [+address] [TIME] [REASON]`; `undefined` if there is no name. */
export function parseOrder(person: ChatSession, argument: string) {
  const [name, rest] = splitWord(argument);
  if (name === "") return undefined;
  const [second] = splitWord(rest);
  const hasAddress = second.toLowerCase() === WITH_ADDRESS;
  const text = hasAddress ? splitWord(rest)[1] : rest;
  const [word, others] = splitWord(text);
  const ms = parseSpan(word);
  if (ms === undefined) checkNoSpan(text);
  const until = ms === undefined ? undefined : person.chat.moderation.now() + ms;
  const target = resolveTarget(person, name, hasAddress);
  return { target, until, reason: (ms === undefined ? text : others).normalize("NFC") };
}
