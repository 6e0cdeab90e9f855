import { VERSION } from "../../../version.ts";
import { checkServer } from "../server_target.ts";
import type { Verb } from "../verb.ts";
import { sendIsupport } from "../isupport_reply.ts";

export const VERSION_VERB: Verb = {
  name: "VERSION",
  help: ["VERSION - tells the version of the server, and what it supports"],
  run(client, { params: [server] }) {
    if (!checkServer(client, server)) return;
    const { serverName, description } = client.irc.settings;
    client.reply("351", `partyline-${VERSION}`, serverName, description);
    sendIsupport(client);
  },
};
