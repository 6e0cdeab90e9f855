import { DomainError } from "../../../domain/domain_error.ts";
import { parseRoomName } from "../../../domain/name.ts";
import type { IrcClient } from "../irc_door.ts";
import { fromChannel, toChannel } from "../irc_names.ts";
import { inIrcWords } from "../irc_words.ts";
import { sendFail } from "../standard_replies.ts";
import type { Verb } from "../verb.ts";

export const JOIN: Verb = {
  name: "JOIN",
  // A client finds out by a JOIN that comes too early whether the server knows capabilities.
  minParams: 1,
  help: [
    "JOIN #CHANNEL[,#CHANNEL...] [KEY[,KEY...]] - enters channels, or creates them",
    "JOIN 0 - leaves all channels",
  ],
  async run(client, { params: [channels, keys = ""] }) {
    if (channels === "0") return leaveAll(client);
    if (channels === "") {
      return client.reply("461", "JOIN", "Not enough parameters. Use JOIN #CHANNEL.");
    }
    const given = keys.split(",");
    for (const [index, channel] of channels.split(",").entries()) {
      if (channel !== "") await enter(client, channel, given[index] || undefined);
    }
  },
};

function leaveAll(client: IrcClient): void {
  // An earlier PART may have left a parting message, which does not belong here.
  client.partText = "";
  for (const room of client.person.rooms) client.person.visits.leave(room);
}

async function enter(client: IrcClient, channel: string, key: string | undefined): Promise<void> {
  const { person, reader, irc: { chat: { registry } }, session } = client;
  const name = fromChannel(channel);
  try {
    if (name === undefined) {
      throw new DomainError("no-such-room", "Names of channels begin with #.");
    }
    const asked = parseRoomName(name);
    const room = person.visits.currentName(asked, key);
    if (room !== asked && client.caps.has("draft/channel-rename")) {
      const sentence = `This channel is #${room} now. Join it by that name.`;
      return sendFail(client, "JOIN", "CHANNEL_RENAMED", [channel, toChannel(room)], sentence);
    }
    if (room !== asked) {
      // ERR_LINKCHANNEL
      client.reply("470", channel, toChannel(room), `This channel is #${room} now`);
    }
    if (person.findRoom(room)) return;
    if (client.caps.has("draft/read-marker")) await client.readTimes.lookUp(toChannel(room));
    await person.visits.enter(room, { key });
    // The joining is on record by then, and the client has been told, or it could not be stored.
    await registry.settled();
    const entered = person.findRoom(room);
    if (session.isEnded || !entered) return;
    if (!reader.hasJoined(entered) && !reader.isBehind) reader.joinUnrecorded(entered);
    await client.namesSent;
  } catch (error) {
    explain(client, channel, error);
  }
}

function explain(client: IrcClient, channel: string, error: unknown): void {
  if (!(error instanceof DomainError)) return client.explain(error, "JOIN", channel);
  client.reply(joinNumeric(error), channel, inIrcWords(error.message));
}

/** Which of the things that keep people out it was. */
function joinNumeric({ code, obstacle }: DomainError): string {
  switch (code) {
    case "too-many-rooms":
      return "405"; // ERR_TOOMANYCHANNELS
    case "key-needed":
      return "475"; // ERR_BADCHANNELKEY
    case "not-permitted":
      if (obstacle === "banned") return "474"; // ERR_BANNEDFROMCHAN
      return obstacle === "full" ? "471" : "473"; // ERR_CHANNELISFULL, ERR_INVITEONLYCHAN
    default:
      return "403"; // ERR_NOSUCHCHANNEL
  }
}
