/**
 * Whom a moderator means by a word: somebody who is here, an account, an address, a
 * mask, or a name.
 *
 * @module
 */

import type { DoneAct } from "../../domain/access/moderation/moderation_act.ts";
import type { Target } from "../../domain/access/moderation/moderation_act.ts";
import type { AccountDirectory } from "../../domain/access/moderation/protection.ts";
import {
  AddressList,
  AddressRange,
  addressRange,
  AddressRangeError,
} from "../../domain/access/rules/address_range.ts";
import { isMask, usualMask } from "../../domain/access/rules/mask.ts";
import { DomainError } from "../../domain/domain_error.ts";
import { nameKey, parseSpeakerName } from "../../domain/name.ts";
import type { ChatSession } from "./chat_session.ts";
import { wayToAccount } from "./login/registered_names.ts";

/** Stands after a name for the address of that person. */
export const WITH_ADDRESS = "+address";

const LOCAL = AddressList.parse("127.0.0.0/8,::1");

/** Looks like a range, whether or not it is one. */
const RANGE = /^[\da-f.:]+\/\d+$/i;

/**
 * Resolves a word. For somebody who is here it stands for their account, too.
 *
 * @param hasAddress Whether it stands for their address, too.
 * @throws {DomainError} `bad-name`; `no-such-person` if they must be here and are not.
 */
export function resolveTarget(asker: ChatSession, word: string, hasAddress = false): Target {
  const range = addressRange(word);
  if (range) return { name: range.text };
  if (isMask(word)) return { name: usualMask(word) };
  if (RANGE.test(word)) throw new DomainError("bad-name", whyNoRange(word));
  const name = parseSpeakerName(word);
  const person = asker.chat.people.find(name);
  if (!person) {
    if (hasAddress) throw notHere(name);
    return { name: asker.chat.accounts.find(name)?.name ?? name };
  }
  const { nickname, account, address } = person.member;
  const also: string[] = [];
  if (account !== undefined && account !== nameKey(nickname)) also.push(account);
  if (hasAddress) {
    if (address === undefined || isLocal(address)) {
      throw new DomainError(
        "no-such-person",
        `${nickname} is connected from this machine, or through a proxy on it, and has no ` +
          "address of their own.",
      );
    }
    also.push(address);
  }
  return also.length > 0 ? { name: nickname, also } : { name: nickname };
}

/**
 * The account of somebody who is here, or the account of that name.
 *
 * @throws {DomainError} `bad-name`, `no-such-person`.
 */
export function resolveAccount(
  { chat }: ChatSession,
  word: string,
): NonNullable<ReturnType<AccountDirectory["find"]>> {
  const name = parseSpeakerName(word);
  const person = chat.people.find(name);
  const own = person?.member.account;
  const found = chat.accounts.find(own ?? name);
  if (found) return found;
  const [lack, way] = person
    ? [`${person.nickname} has no account, and this needs one.`, "They can get one with /register."]
    : [`There is no account ${name}.`, "Check the spelling, or ask them to /register first."];
  throw new DomainError("no-such-person", `${lack} ${wayToAccount(chat.access, way)}`);
}

/** Whether an address is of this machine: everybody who comes through a proxy on it has one. */
export function isLocal(address: string): boolean {
  return LOCAL.includes(address);
}

/** Everybody who is here with an account. */
export function peopleOf({ chat }: ChatSession, account: string): ChatSession[] {
  const person = chat.people.find(account);
  if (person?.member.account === account) return [person];
  return [...chat.people.holders].filter(({ member }) => member.account === account);
}

/** Tells a moderator that an act is done, and how to take it back. */
export function answerAct(person: ChatSession, act: DoneAct): void {
  const { seq, facts, deed, canBeUndone, isTold } = act;
  // People in the room have read it there.
  const done = isTold && person.findRoom(facts.to ?? facts.room) ? "Done." : `You ${deed}.`;
  person.notice(canBeUndone ? `${done} /undo #${seq} takes it back.` : done);
}

function whyNoRange(word: string): string {
  try {
    AddressRange.parse(word);
    return "";
  } catch (error) {
    if (error instanceof AddressRangeError) return `${error.message}.`;
    throw error;
  }
}

function notHere(name: string): DomainError {
  return new DomainError(
    "no-such-person",
    `Nobody here is called ${name}, so their address is not known. /who lists names.`,
  );
}
