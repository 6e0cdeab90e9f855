/**
 * Turns what a person typed into the text that others are shown, and refuses what may be a
 * password.
 *
 * @module
 */

import { DomainError } from "../../../domain/domain_error.ts";
import type { RoomEventKind } from "../../../domain/room_event.ts";
import { type BlockLimits, requireFitting, toBody } from "../../../domain/text/block.ts";
import { looksLikeLogin } from "../login/login_line.ts";

/** Somebody who says something. */
export interface Speaker {
  /** Whether they have said anything in a room. */
  readonly hasSpoken: boolean;
  readonly chat: {
    readonly people: { find(name: string): unknown };
    readonly accounts: { find(name: string): unknown };
    readonly blocks: BlockLimits;
  };
}

/**
 * A text as the body of a message to others.
 *
 * @throws {DomainError} `looks-like-login`, `too-long`, `no-text`.
 */
export function bodyOf(speaker: Speaker, text: string): string {
  keepSecret(speaker, text);
  const body = toNfc(toBody(text));
  if (body === "") throw new DomainError("no-text", "There is no text in that message.");
  requireFitting(body, speaker.chat.blocks);
  return body;
}

/** A text as the body of an event of that kind. @throws {DomainError} As {@linkcode bodyOf}. */
export function saidBody(speaker: Speaker, kind: RoomEventKind, text: string): string {
  if (kind === "message" || kind === "action") return bodyOf(speaker, text);
  keepSecret(speaker, text);
  return toNfc(text);
}

/**
 * Makes sure that others are not told a password.
 *
 * @throws {DomainError} `looks-like-login`.
 */
export function keepSecret(speaker: Speaker, text: string): void {
  if (!looksLikeLogin(text, (word) => suggestsLogin(speaker, word))) return;
  throw new DomainError(
    "looks-like-login",
    "That looks like a log-in, so it was not said. To log in, type /login and your name; the " +
      "password is asked for. To talk about it, begin the line with another word.",
  );
}

/** Whether a line that begins with `login` and this word is meant as a log-in. */
export function suggestsLogin({ hasSpoken, chat }: Speaker, word: string): boolean {
  const { people, accounts } = chat;
  return !hasSpoken || people.find(word) !== undefined || accounts.find(word) !== undefined;
}

/** Says how much of what somebody said last was not UTF-8. @param repairs Number of places. */
export function repairsText(nickname: string, repairs: number): string {
  const places = repairs === 1 ? "1 place" : `${repairs} places`;
  const were = repairs === 1 ? "was not UTF-8 and is" : "were not UTF-8 and are";
  return `${places} in ${nickname}'s last line ${were} shown as \ufffd`;
}

// Text below U+0300, which is most text, is in NFC already.
const MAY_COMPOSE = /[\u0300-\uffff]/;

function toNfc(text: string): string {
  return MAY_COMPOSE.test(text) ? text.normalize("NFC") : text;
}
