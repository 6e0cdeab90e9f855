import { Buffer } from "node:buffer";
import { MAX_BODY_BYTES } from "../../../codec/irc_message.ts";
import { fromIrcNick, toIrcNick } from "../irc_names.ts";
import { packWords } from "../people/pack_words.ts";
import type { Verb } from "../verb.ts";

export const ISON: Verb = {
  name: "ISON",
  help: ["ISON NICK [NICK...] - tells which of these people are here"],
  minParams: 1,
  run(client, { params }) {
    const { chat: { people }, settings: { serverName } } = client.irc;
    const nicks: string[] = [];
    // Clients send them as one parameter, too.
    for (const nick of params.join(" ").split(" ")) {
      const person = people.find(fromIrcNick(nick));
      if (person) nicks.push(toIrcNick(person.nickname));
    }
    // Clients take each answer for a whole one, so there is only one, as long as it can be.
    const room = MAX_BODY_BYTES - Buffer.byteLength(`:${serverName} 303 ${client.nick} :`);
    const [here = ""] = packWords(nicks, " ", room);
    client.reply("303", here);
  },
};
