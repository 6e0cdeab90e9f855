import { fromIrcNick, toIrcNick } from "../irc_names.ts";
import { listReplies } from "../people/list_heads.ts";
import type { Verb } from "../verb.ts";

export const ISON: Verb = {
  name: "ISON",
  help: ["ISON NICK [NICK...] - tells which of these people are here"],
  minParams: 1,
  run(client, { params }) {
    const { people } = client.irc.chat;
    const nicks: string[] = [];
    // Clients send them as one parameter, too.
    for (const nick of params.join(" ").split(" ")) {
      const person = people.find(fromIrcNick(nick));
      if (person) nicks.push(toIrcNick(person.nickname));
    }
    // Clients take each answer for a whole one, so there is only one, as long as it can be.
    const [here] = listReplies(client, { numeric: "303", params: [] }, nicks);
    if (here) client.send(here);
    else client.reply("303", "");
  },
};
