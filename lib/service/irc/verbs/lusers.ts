import type { IrcClient } from "../irc_door.ts";
import { checkServer } from "../server_target.ts";
import type { Verb } from "../verb.ts";

export const LUSERS: Verb = {
  name: "LUSERS",
  help: ["LUSERS - counts people and channels"],
  run(client, { params: [, server] }) {
    if (checkServer(client, server)) sendCounts(client);
  },
};

/** Sends how many people, of all doors, and rooms there are. */
function sendCounts(client: IrcClient): void {
  const { irc: { census, chat: { people, registry }, visits: { most } }, person } = client;
  const { invisible, local, mostLocal, operators, otherNodes } = census;
  const unregistered = census.unregistered.size;
  const { size } = people;
  const own = person.rooms.filter(({ name }) => !registry.lively.has(name)).length;
  const rooms = registry.lively.size + own;
  // A node that nobody is connected to is not known of here.
  const servers = 1 + otherNodes;
  const visible = size - invisible;
  client.reply(
    "251",
    `There are ${visible} users and ${invisible} invisible on ${servers} servers`,
  );
  client.reply("252", String(operators), "operator(s) online");
  client.reply("253", String(unregistered), "unknown connection(s)");
  client.reply("254", String(rooms), "channels formed");
  client.reply("255", `I have ${local} clients and ${otherNodes} servers`);
  client.reply(
    "265",
    String(local),
    String(mostLocal),
    `Current local users ${local}, max ${mostLocal}`,
  );
  client.reply("266", String(size), String(most), `Current global users ${size}, max ${most}`);
}
