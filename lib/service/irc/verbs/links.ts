import type { Verb } from "../verb.ts";

export const LINKS: Verb = {
  name: "LINKS",
  help: ["LINKS - lists the servers of the network: this one"],
  run(client) {
    const { serverName, description } = client.irc.settings;
    client.reply("364", serverName, serverName, `0 ${description}`);
    client.reply("365", "*", "End of /LINKS list");
  },
};
