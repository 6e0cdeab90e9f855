/**
 * What a client is told that asks for the name of an account.
 *
 * @module
 */

import { DomainError } from "../../domain/domain_error.ts";
import type { IrcClient } from "./irc_door.ts";

/** Explains why somebody cannot have a nickname. */
export function explainNick(client: IrcClient, error: unknown, nick: string): void {
  if (!(error instanceof DomainError) || error.code !== "login-needed") {
    return client.explain(error, "NICK", nick);
  }
  const way = client.isRegistered
    ? `To log in and take it: /msg NickServ REGAIN ${nick} PASSWORD`
    : `Log in with SASL, or choose another and then send: /msg NickServ REGAIN ${nick} PASSWORD`;
  client.reply("433", nick, `${nick} is a registered name. ${way}`);
}
