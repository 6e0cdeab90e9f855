import { shownOnIrc } from "../lines/shown_on_irc.ts";
import { checkServer } from "../server_target.ts";
import type { Verb } from "../verb.ts";

export const MOTD: Verb = {
  name: "MOTD",
  help: ["MOTD - shows the message of the day"],
  async run(client, { params: [server] }) {
    if (!checkServer(client, server)) return;
    const { serverName, motd: lines } = client.irc.settings;
    if (lines.length === 0) {
      client.reply("422", "There is no message of the day");
      return;
    }
    client.reply("375", `- ${serverName} Message of the day -`);
    for (const [index, line] of lines.entries()) {
      client.reply("372", `- ${shownOnIrc(line)}`);
      if (index % 50 === 49 && !await client.ready()) return;
    }
    client.reply("376", "End of /MOTD command");
  },
};
