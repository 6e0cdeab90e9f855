import type { IrcClient } from "../irc_door.ts";
import type { PastPerson } from "../people/past_people.ts";
import type { Verb } from "../verb.ts";

/** Longest nickname or mask that is looked for. */
const LONGEST_MASK = 64;

export const WHOWAS: Verb = {
  name: "WHOWAS",
  help: ["WHOWAS NICK [COUNT] - tells who has left or changed their name lately"],
  async run(client, { params: [nick = "", count = "0"] }) {
    if (nick === "") {
      client.reply("431", "No nickname given. Send WHOWAS and a nickname.");
      return;
    }
    const found = client.irc.visits.past.find(
      nick.slice(0, LONGEST_MASK),
      Number.parseInt(count) || 0,
    );
    if (found.length === 0) client.reply("406", nick, "There was no such nickname");
    for (const person of found) {
      describe(client, person);
      if (!await client.ready()) return;
    }
    client.reply("369", nick, "End of WHOWAS");
  },
};

function describe(client: IrcClient, person: PastPerson): void {
  const { nick, user, host, realname, address, until } = person;
  const { serverName } = client.irc.settings;
  client.reply("314", nick, user, host, "*", realname);
  if (client.member.isOperator && address !== undefined) {
    client.reply("338", nick, address, "was using this address");
  }
  client.reply("312", nick, serverName, new Date(until).toUTCString());
}
