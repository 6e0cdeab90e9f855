/**
 * What the server supports, as numeric replies.
 *
 * @module
 */

import type { IrcClient } from "./irc_door.ts";
import { isupportLines, isupportTokens } from "./isupport.ts";

/** Sends what the server supports (005). */
export function sendIsupport(client: IrcClient): void {
  for (const tokens of isupportLines(isupportTokens(client.irc.settings.network))) {
    client.reply("005", ...tokens, "are supported by this server");
  }
}
