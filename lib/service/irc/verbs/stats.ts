import { toIrcNick } from "../irc_names.ts";
import type { IrcClient } from "../irc_door.ts";
import { checkServer } from "../server_target.ts";
import type { Verb } from "../verb.ts";

export const STATS: Verb = {
  name: "STATS",
  help: ["STATS u | o - tells how long the server has been running; to operators, who they are"],
  run(client, { params: [letter = "*", server] }) {
    if (!checkServer(client, server)) return;
    if (letter === "u") sendUptime(client);
    else if (letter === "o" && !sendOperators(client)) return;
    client.reply("219", letter, "End of /STATS report");
  },
};

function sendUptime(client: IrcClient): void {
  const { clock, startedAt } = client.irc;
  const seconds = Math.max(0, Math.floor((clock.now() - startedAt) / 1000));
  const two = (number: number) => String(Math.floor(number)).padStart(2, "0");
  const time = `${Math.floor(seconds / 3600) % 24}:${two(seconds / 60 % 60)}:${two(seconds % 60)}`;
  client.reply("242", `Server Up ${Math.floor(seconds / 86_400)} days ${time}`);
}

function sendOperators(client: IrcClient): boolean {
  if (!client.member.isOperator) {
    client.reply("481", "Permission Denied. Only operators may see this; OPER makes you one.");
    return false;
  }
  const { chat, people } = client.irc;
  for (const person of chat.people.holders) {
    if (!person.member.isOperator) continue;
    const account = people.accountOf(person) ?? "*";
    client.reply("243", "O", "*", "*", toIrcNick(person.nickname), account);
  }
  return true;
}
