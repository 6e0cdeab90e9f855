import { nameKey } from "../../../domain/name.ts";
import { askForName } from "../../chat/login/ask_for_name.ts";
import { takeOwnName } from "../../chat/login/name_takeover.ts";
import { fromIrcNick } from "../irc_names.ts";
import { explainNick } from "../registered_nick.ts";
import type { Verb } from "../verb.ts";

export const NICK: Verb = {
  name: "NICK",
  isEarly: true,
  help: ["NICK NAME - takes a name, or changes it"],
  async run(client, { params: [name = ""] }) {
    if (name === "") return client.reply("431", "No nickname given. Use NICK NAME.");
    if (!client.isRegistered) return await client.registration.askFor(name);
    const { person, member } = client;
    try {
      const isOwn = member.account === nameKey(fromIrcNick(name));
      await (isOwn ? takeOwnName(person) : askForName(person, fromIrcNick(name)));
    } catch (error) {
      explainNick(client, error, name);
    }
  },
};
