import { askForName } from "../../chat/ask_for_name.ts";
import { fromIrcNick } from "../irc_names.ts";
import type { Verb } from "../verb.ts";

export const NICK: Verb = {
  name: "NICK",
  isEarly: true,
  help: ["NICK NAME - takes a name, or changes it"],
  async run(client, { params: [name = ""] }) {
    if (name === "") return client.reply("431", "No nickname given. Use NICK NAME.");
    if (!client.isRegistered) return await client.registration.askFor(name);
    await askForName(client.person, fromIrcNick(name));
  },
};
