/**
 * The account of who writes to a service.
 *
 * @module
 */

import type { Account } from "../../../domain/access/accounts/account.ts";
import type { IrcClient } from "../irc_door.ts";

export const NOT_LOGGED_IN =
  "You are not logged in. /msg NickServ IDENTIFY NAME PASSWORD does that.";

/** The account that a client is logged in to, if any. */
export function ownAccount({ irc: { chat }, member }: IrcClient): Account | undefined {
  return member.account === undefined ? undefined : chat.accounts.find(member.account);
}
