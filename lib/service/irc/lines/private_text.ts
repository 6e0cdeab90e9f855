/**
 * Private messages have no kinds as events of rooms have, so an action is known by its text: `/me
 * waves` is how a person at another door would write it.
 *
 * @module
 */

import { ACTION_WRAPPING, type Wrapping } from "./text_messages.ts";

const ACTION_START = "/me ";

/** A private message as it is shown on IRC. */
export interface PrivateText {
  readonly text: string;
  readonly wrapping?: Wrapping;
}

/** The lines that show a private message. @param head Stands in front of its text. */
export function privateText(body: string, head: string): PrivateText {
  if (!body.startsWith(ACTION_START)) return { text: head + body };
  return { text: head + body.slice(ACTION_START.length), wrapping: ACTION_WRAPPING };
}

/** The text of an action, if the parameter of a `PRIVMSG` is one. */
export function actionOf(text: string): string | undefined {
  // deno-lint-ignore no-control-regex -- what CTCP is made of
  return /^\x01ACTION (.*?)\x01?$/s.exec(text)?.[1];
}

/** An action as it is written in a private message. */
export function privateAction(text: string): string {
  return ACTION_START + text;
}
