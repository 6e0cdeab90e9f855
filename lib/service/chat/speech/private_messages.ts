/**
 * Private messages from one person to another. Between two accounts they are kept, in the room of
 * the two; others are delivered and not stored.
 *
 * @module
 */

import type { Account } from "../../../domain/access/accounts/account.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import { nameKey } from "../../../domain/name.ts";
import type { ChatSession } from "../chat_session.ts";
import { wayToAccount } from "../login/registered_names.ts";
import type { PrivateMessage } from "../screen.ts";
import type { SayReceipt } from "./receipts.ts";
import { bodyOf } from "./said_text.ts";
import type { SaidDetails } from "./speech.ts";

const REGISTER = "/register makes your name one.";

/** An account, as far as it matters here. */
type Known = Pick<Account, "name" | "key" | "createdAt">;

/** Who gets a private message: an account, here or not, or a person who is here. */
export type Recipient = { readonly account: Known } | { readonly person: ChatSession };

/**
 * Finds who is meant by a name: the person who is using it, or else the account.
 *
 * @throws {DomainError} `own-name`, `no-such-person`, `login-needed`; `not-permitted` to a token for
 * some rooms.
 */
export function findRecipient(from: ChatSession, name: string): Recipient {
  const person = from.chat.people.find(name);
  const own = accountOf(from);
  const account = person ? accountOf(person) : from.chat.accounts.find(name);
  if (person === from || (account && account.key === own?.key)) {
    throw new DomainError(
      "own-name",
      "That is your own name. /msg NAME TEXT writes to somebody else.",
    );
  }
  if (from.member.onlyRooms) {
    throw new DomainError(
      "not-permitted",
      "This token is for some rooms only. Use one without rooms to write to people.",
    );
  }
  if (person) return recipientFor(from, person);
  if (account && own) return { account };
  if (account) {
    throw new DomainError(
      "login-needed",
      `${account.name} is not here, and only people with an account can leave messages. ` +
        wayToAccount(from.chat.access, REGISTER),
    );
  }
  throw new DomainError("no-such-person", `Nobody here is called ${name}. /who lists names.`);
}

/**
 * Makes sure that a message goes to the account that its author means: that may have been removed
 * while the message waited, and anybody can have its name since.
 *
 * @param since When the account was created, in milliseconds since 1970.
 * @throws {DomainError} `somebody-else`.
 */
export function requireSameAccount(to: Recipient, name: string, since: number): void {
  if ("account" in to && to.account.createdAt === since) return;
  throw new DomainError(
    "somebody-else",
    `The account ${name} that you wrote to was removed, so nothing was sent. Send it again if you ` +
      `mean whoever is called ${name} now.`,
  );
}

/**
 * Sends a private message. Resolves once it is stored, if it is kept. The sender is not told that
 * the other one ignores them.
 *
 * @param receipt Called with what became of a message that is kept, if the door gives receipts.
 * @throws {DomainError} `not-delivered`, `looks-like-login`, `login-needed`, `too-long`, and as the
 * rules of rooms say.
 */
export async function sendPrivately(
  from: ChatSession,
  to: Recipient,
  text: string,
  receipt?: SayReceipt,
  details?: SaidDetails,
): Promise<void> {
  requireAdmission(from);
  const body = bodyOf(from, text);
  from.speech.noteSpoken();
  if ("person" in to) return await deliver(from, to.person, body, details?.fields);
  const own = accountOf(from);
  if (!own) throw new DomainError("login-needed", "You are no longer logged in. /login NAME");
  from.speech.sayPrivately(own, to.account, body, receipt, details);
  await from.chat.registry.settled();
  if (!details?.fields?.notice) tellWhetherHere(from, to.account);
}

/**
 * Makes sure that somebody may write to others at all: guests stay when a reload closes the server.
 *
 * @throws {DomainError} `login-needed`.
 */
export function requireAdmission({ chat, member }: ChatSession): void {
  const refusal = chat.access.admission(member);
  if (refusal) throw refusal;
}

/**
 * Answers the last private message: writes to the account it came from, or to that person, even if
 * somebody else has their name now.
 *
 * @throws {DomainError} `no-such-person`; as {@linkcode sendPrivately}.
 */
export async function replyPrivately(from: ChatSession, text: string): Promise<void> {
  const { correspondent: to } = from;
  if (to === undefined) {
    throw new DomainError(
      "no-such-person",
      "Nobody has written to you privately. /msg NAME TEXT writes to somebody.",
    );
  }
  if (typeof to === "string") {
    const account = from.chat.accounts.find(to);
    if (account) return await sendPrivately(from, { account }, text);
    throw new DomainError(
      "no-such-person",
      `The account ${to} no longer exists. /msg NAME TEXT writes to somebody else.`,
    );
  }
  if (to.hasDeparted) {
    throw new DomainError(
      "no-such-person",
      `${to.nickname} has left. /msg NAME TEXT writes to somebody else.`,
    );
  }
  await sendPrivately(from, recipientFor(from, to), text);
}

function recipientFor(from: ChatSession, person: ChatSession): Recipient {
  const account = accountOf(from) && accountOf(person);
  return account ? { account } : { person };
}

/** The account that somebody has proven to own, unless it has been removed since. */
export function accountOf({ member, chat }: ChatSession): Known | undefined {
  return member.account === undefined ? undefined : chat.accounts.find(member.account);
}

/** Makes a private message that is not kept. */
export function unkeptMessage(
  from: ChatSession,
  to: ChatSession,
  body: string,
  fields?: SaidDetails["fields"],
): PrivateMessage {
  return {
    from: from.nickname,
    to: to.nickname,
    body,
    fields,
    messageId: crypto.randomUUID(),
    at: from.chat.clock.now(),
  };
}

/** Delivers a private message that is not kept. */
async function deliver(
  from: ChatSession,
  to: ChatSession,
  body: string,
  fields?: SaidDetails["fields"],
): Promise<void> {
  const message = unkeptMessage(from, to, body, fields);
  const outcome = to.hear(from, message);
  // In this process, the sender is shown it at once.
  if (!(typeof outcome === "boolean" ? outcome : await outcome)) {
    throw new DomainError(
      "not-delivered",
      `${to.nickname} is not reading at the moment. Nothing was delivered.`,
    );
  }
  from.screen.showPrivate(message);
  // A program's notice must not be answered by one.
  if (fields?.notice) return;
  tellUnkept(from, to);
  if (to.awayText !== undefined) tellAway(from, to.nickname, to.awayText);
}

/**
 * Tells, once for each person in turn, that what is said is gone when the window is closed. Two
 * people without an account expect nothing else.
 */
function tellUnkept(from: ChatSession, to: ChatSession): void {
  const key = nameKey(to.nickname);
  const own = accountOf(from);
  if ((!own && !accountOf(to)) || from.toldUnkept === key) return;
  from.toldUnkept = key;
  from.notice(
    own
      ? `This is not kept, because ${to.nickname} is not logged in to an account.`
      : `This is not kept, because you have no account. ${
        wayToAccount(from.chat.access, REGISTER)
      }`,
  );
}

/** Tells the sender if nobody is reading the message now. */
function tellWhetherHere(from: ChatSession, { key, name }: Known): void {
  const { readMarks, claims } = from.chat;
  const sessions = [...readMarks.listeners(key), ...claims?.withAccount(key) ?? []];
  if (sessions.length === 0) {
    from.notice(`${name} is not here, and will see it when they return.`);
    return;
  }
  const away = sessions.map(({ awayText }) => awayText);
  const text = away.find((text) => text !== undefined);
  if (text !== undefined && !away.includes(undefined)) tellAway(from, name, text);
}

function tellAway({ screen }: ChatSession, name: string, text: string): void {
  if (screen.showAway) screen.showAway(name, text);
  else screen.notice(`${name} is away${text === "" ? "" : `: ${text}`}.`);
}
