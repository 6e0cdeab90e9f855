import type { IrcClient } from "../irc_door.ts";
import { toIrcNick } from "../irc_names.ts";
import { MAX_LIST_BYTES, packWords } from "../people/pack_words.ts";
import { checkServer } from "../server_target.ts";
import type { Verb } from "../verb.ts";

export const ADMIN: Verb = {
  name: "ADMIN",
  help: ["ADMIN - tells who runs the server"],
  run(client, { params: [server] }) {
    if (!checkServer(client, server)) return;
    const { serverName, network, description } = client.irc.settings;
    client.reply("256", serverName, "Administrative info");
    client.reply("257", description);
    client.reply("258", network);
    client.reply("259", whoHelps(client));
  },
};

function whoHelps({ irc }: IrcClient): string {
  const operators = [...irc.chat.people.holders].filter(({ member }) => member.isOperator);
  if (operators.length === 0) return "No operator is here now. Ask again later.";
  const nicks = operators.map(({ nickname }) => toIrcNick(nickname));
  const [listed] = packWords(nicks, ", ", MAX_LIST_BYTES);
  return `Operators who are here now: ${listed}`;
}
