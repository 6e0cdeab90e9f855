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
  const { invisible, operators } = census;
  const unregistered = census.unregistered.size;
  const { size } = people;
  const own = person.rooms.filter(({ name }) => !registry.lively.has(name)).length;
  const rooms = registry.lively.size + own;
  const visible = size - invisible;
  client.reply("251", `There are ${visible} users and ${invisible} invisible on 1 servers`);
  client.reply("252", String(operators), "operator(s) online");
  client.reply("253", String(unregistered), "unknown connection(s)");
  client.reply("254", String(rooms), "channels formed");
  client.reply("255", `I have ${size} clients and 0 servers`);
  client.reply("265", String(size), String(most), `Current local users ${size}, max ${most}`);
  client.reply("266", String(size), String(most), `Current global users ${size}, max ${most}`);
}
