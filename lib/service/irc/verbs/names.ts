import { nameKey } from "../../../domain/name.ts";
import type { IrcClient } from "../irc_door.ts";
import { fromChannel, toChannel } from "../irc_names.ts";
import { endNames, listNames } from "../people/names_reply.ts";
import type { Verb } from "../verb.ts";

/** Most channels of one NAMES that are listed. */
const MAX_CHANNELS = 50;

export const NAMES: Verb = {
  name: "NAMES",
  help: ["NAMES [#CHANNEL[,#CHANNEL...]] - lists the people in channels"],
  async run(client, { params: [channels] }) {
    if (channels === undefined) return await listAll(client);
    for (const [index, channel] of channels.split(",", MAX_CHANNELS).entries()) {
      if (index > 0 && !await client.ready()) return;
      const name = fromChannel(channel);
      const room = name === undefined ? undefined : client.person.sees.findListed(name);
      // Clients match the end with the list, which has the new name of a renamed channel.
      const isRenamed = room && nameKey(room.name) !== nameKey(name!);
      const end = () => endNames(client, isRenamed ? toChannel(room.name) : channel, client.answer);
      const listing = room ? listNames(client, room, end) : end();
      if (listing) await listing;
    }
  },
};

/** The names of all channels, with one end. */
async function listAll(client: IrcClient): Promise<void> {
  const rooms = client.person.sees.open.filter(({ members }) => members.size > 0);
  const end = () => endNames(client, "*", client.answer);
  for (const [index, room] of rooms.entries()) {
    if (index > 0 && !await client.ready()) return;
    const isLast = index === rooms.length - 1;
    const listing = listNames(client, room, isLast ? end : undefined);
    if (listing) await listing;
  }
  if (rooms.length === 0) end();
}
