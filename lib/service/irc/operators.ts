/**
 * Verbs for operators of the server.
 *
 * @module
 */

import type { IrcClient } from "./irc_door.ts";

/** Whether a client is an operator's; others are told that it takes one. */
export function requireOperator(client: IrcClient): boolean {
  if (client.member.isOperator) return true;
  client.reply(
    "481",
    "Permission denied: that is for operators of the server. OPER makes you one.",
  );
  return false;
}
