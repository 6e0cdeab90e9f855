import { VERSION } from "../../../version.ts";
import { checkServer } from "../server_target.ts";
import type { Verb } from "../verb.ts";

export const INFO: Verb = {
  name: "INFO",
  help: ["INFO - tells what this server is"],
  run(client, { params: [server] }) {
    if (!checkServer(client, server)) return;
    const { settings: { serverName, network, description }, startedAt } = client.irc;
    client.reply("371", `${serverName}: ${description}`);
    client.reply("371", `Partyline ${VERSION}, network ${network}`);
    client.reply("371", "People on telnet, SSH and the web are in the same rooms.");
    client.reply("371", `Running since ${new Date(startedAt).toUTCString()}`);
    client.reply("374", "End of /INFO list");
  },
};
