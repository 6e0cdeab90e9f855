import { checkServer } from "../server_target.ts";
import type { Verb } from "../verb.ts";

export const TIME: Verb = {
  name: "TIME",
  help: ["TIME - tells the time on the server"],
  run(client, { params: [server] }) {
    if (!checkServer(client, server)) return;
    const { clock, settings: { serverName } } = client.irc;
    client.reply("391", serverName, new Date(clock.now()).toUTCString());
  },
};
