import type { IrcServiceHandler } from "../services/irc_service.ts";
import { CHANSERV } from "../services/chanserv.ts";
import { NICKSERV } from "../services/nickserv.ts";
import type { Verb } from "../verb.ts";

function shortcut(
  name: string,
  alias: string,
  handle: IrcServiceHandler,
  help: string,
): Verb {
  return {
    name,
    aliases: [alias],
    help: [`${name} COMMAND - ${help}; ${name} HELP lists the commands`],
    run: (client, { params }) => handle(client, params.join(" ") || "HELP"),
  };
}

export const NS = shortcut("NS", "NICKSERV", NICKSERV, "accounts, as by /msg NickServ");
export const CS = shortcut("CS", "CHANSERV", CHANSERV, "channels, as by /msg ChanServ");
