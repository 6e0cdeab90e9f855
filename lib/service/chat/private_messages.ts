/**
 * Private messages from one person to another. They are delivered and not stored.
 *
 * @module
 */

import { DomainError } from "../../domain/domain_error.ts";
import { nameKey } from "../../domain/name.ts";
import type { ChatSession } from "./chat_session.ts";

/**
 * Delivers a private message. The sender is not told that the other one ignores them.
 *
 * @throws {DomainError} `own-name`, `not-delivered`, `looks-like-login`; `not-permitted` to a token
 * for some rooms.
 */
export function sendPrivately(from: ChatSession, to: ChatSession, text: string): void {
  if (from === to) {
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
  from.keepSecret(text);
  const message = { from: from.nickname, to: to.nickname, body: text.normalize("NFC") };
  if (!to.ignored.has(nameKey(from.nickname))) {
    if (!to.screen.showPrivate(message)) {
      throw new DomainError(
        "not-delivered",
        `${to.nickname} is not reading at the moment. Nothing was delivered.`,
      );
    }
    to.correspondent = from;
  }
  from.screen.showPrivate(message);
  if (to.awayText !== undefined) {
    from.notice(`${to.nickname} is away${to.awayText === "" ? "" : `: ${to.awayText}`}.`);
  }
}

/**
 * Delivers a private message to the person who wrote last, even if somebody else has their name
 * now.
 *
 * @throws {DomainError} `no-such-person`; as {@linkcode sendPrivately}.
 */
export function replyPrivately(from: ChatSession, text: string): void {
  const { correspondent: to } = from;
  if (to === undefined) {
    throw new DomainError(
      "no-such-person",
      "Nobody has written to you privately. /msg NAME TEXT writes to somebody.",
    );
  }
  if (to.hasDeparted) {
    throw new DomainError(
      "no-such-person",
      `${to.nickname} has left. /msg NAME TEXT writes to somebody else.`,
    );
  }
  sendPrivately(from, to, text);
}
