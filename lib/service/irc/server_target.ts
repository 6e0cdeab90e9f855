/**
 * The parameter of questions about a server: there is only this one.
 *
 * @module
 */

import { globMatches } from "../../domain/text/glob.ts";
import type { IrcClient } from "./irc_door.ts";
import { fromIrcNick } from "./irc_names.ts";

/** Longest mask that is compared. */
const LONGEST_MASK = 128;

/** Whether a server that a client names is this one: by its name, a mask, or somebody who is on it. */
function isThisServer({ irc }: IrcClient, target: string): boolean {
  const { serverName } = irc.settings;
  return globMatches(target.toLowerCase().slice(0, LONGEST_MASK), serverName.toLowerCase()) ||
    irc.chat.people.find(fromIrcNick(target)) !== undefined;
}

/** The same, and tells a client that there is no such server if it is another one. */
export function checkServer(client: IrcClient, target: string | undefined): boolean {
  if (target === undefined || isThisServer(client, target)) return true;
  const { serverName } = client.irc.settings;
  client.reply("402", target, `No such server. This is ${serverName}, the only one.`);
  return false;
}
