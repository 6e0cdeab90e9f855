import type { Room } from "../../../domain/rooms/room.ts";
import type { IrcClient } from "../irc_door.ts";
import { fromChannel, toChannel } from "../irc_names.ts";
import { shownOnIrc } from "../lines/shown_on_irc.ts";
import { ListQuery } from "../list_query.ts";
import type { Verb } from "../verb.ts";

/** Rooms that are looked at before others have a turn. */
const LOOKED_AT_ONCE = 50;

export const LIST: Verb = {
  name: "LIST",
  help: [
    "LIST [CONDITION[,CONDITION...]] - lists the channels that people are in",
    "A condition is a #CHANNEL, a mask with * and ?, a mask to leave out after !, a number of people",
    "as in >5 or <5, or minutes since the channel was created or its topic set, as in C>60 or T<60.",
  ],
  async run(client, { params: [text = ""] }) {
    const query = new ListQuery(text, client.irc.clock.now());
    client.reply("321", "Channel", "Users  Name");
    let looked = 0;
    for (const room of candidates(client, query)) {
      if (++looked % LOOKED_AT_ONCE === 0 && !await client.ready()) return;
      if (room.members.size === 0) continue;
      const createdAt = query.needsCreation ? await creationOf(client, room) : undefined;
      const channel = toChannel(room.name);
      const people = room.members.size;
      const topicAt = room.topicOrigin?.at;
      const isNamed = query.hasOnlyNames;
      if (!query.matches({ channel, people, createdAt, topicAt, isNamed })) continue;
      client.reply("322", channel, String(people), shownOnIrc(room.topic));
    }
    client.reply("323", "End of /LIST");
  },
};

/** The rooms to look at; only those that the person may know of. */
function candidates({ person }: IrcClient, query: ListQuery): Room[] {
  if (!query.hasOnlyNames) return person.sees.open;
  return query.names.flatMap((name) => person.sees.findListed(fromChannel(name) ?? name) ?? []);
}

async function creationOf({ person }: IrcClient, { name }: Room): Promise<number | undefined> {
  const [first] = await person.sees.read(name, 0, 1);
  return first?.at;
}
