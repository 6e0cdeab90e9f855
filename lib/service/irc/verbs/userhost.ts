import type { IrcClient } from "../irc_door.ts";
import { fromIrcNick, toIrcNick } from "../irc_names.ts";
import { listReplies } from "../people/list_heads.ts";
import type { Verb } from "../verb.ts";

/** RFC 2812 section 4.8. */
const MAX_NICKS = 5;

export const USERHOST: Verb = {
  name: "USERHOST",
  help: [
    "USERHOST NICK [NICK...] - tells the hosts of up to five people, and whether they are away",
  ],
  minParams: 1,
  run(client, { params }) {
    const found = params.slice(0, MAX_NICKS).map((nick) => describe(client, nick));
    const known = found.filter((text) => text !== undefined);
    if (known.length === 0) return client.reply("302", "");
    for (const message of listReplies(client, { numeric: "302", params: [] }, known)) {
      client.send(message);
    }
  },
};

function describe({ irc }: IrcClient, nick: string): string | undefined {
  const person = irc.chat.people.find(fromIrcNick(nick));
  if (!person) return undefined;
  const operator = person.member.isOperator ? "*" : "";
  const presence = person.awayText === undefined ? "+" : "-";
  const address = `${irc.people.userOf(person)}@${irc.people.hostOf(person)}`;
  return `${toIrcNick(person.nickname)}${operator}=${presence}${address}`;
}
