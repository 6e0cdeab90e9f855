import type { Room } from "../../../domain/room.ts";
import type { IrcClient } from "../irc_door.ts";
import { fromChannel } from "../irc_names.ts";
import { endNames, listNames } from "../names_reply.ts";
import type { Verb } from "../verb.ts";

/** Most channels of one NAMES that are listed. */
const MAX_CHANNELS = 50;

export const NAMES: Verb = {
  name: "NAMES",
  help: ["NAMES [#CHANNEL[,#CHANNEL...]] - lists the people in channels"],
  async run(client, { params: [channels] }) {
    const end = () => endNames(client, channels ?? "*");
    const rooms = roomsOf(client, channels);
    for (const [index, room] of rooms.entries()) {
      if (index > 0 && !await client.ready()) return;
      const isLast = index === rooms.length - 1;
      const listing = listNames(client, room, isLast ? end : undefined);
      if (listing) await listing;
    }
    if (rooms.length === 0) end();
  },
};

function roomsOf({ person: { sees } }: IrcClient, channels: string | undefined): Room[] {
  if (channels === undefined) return sees.open.filter(({ members }) => members.size > 0);
  return channels.split(",", MAX_CHANNELS).flatMap((channel) => {
    const name = fromChannel(channel);
    return (name !== undefined && sees.findListed(name)) || [];
  });
}
