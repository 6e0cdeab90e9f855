import { DomainError } from "../../../domain/domain_error.ts";
import { parseRoomName } from "../../../domain/name.ts";
import type { IrcClient } from "../irc_door.ts";
import { fromChannel } from "../irc_names.ts";
import { inIrcWords } from "../irc_words.ts";
import { findModerated } from "../known_channels.ts";
import { sendFail } from "../standard_replies.ts";
import type { Verb } from "../verb.ts";

/** IRCv3 draft/channel-rename */
export const RENAME: Verb = {
  name: "RENAME",
  minParams: 2,
  help: [
    "RENAME #CHANNEL #NAME [REASON] - moves everybody to a channel of another name",
    "Earlier messages stay under the old name. If the channel is registered, joining the old name",
    "enters the new channel. Other capitals are no other name: the channel stays the same.",
  ],
  async run(client, { params: [channel, name, reason = ""] }) {
    const { irc: { chat }, member } = client;
    const room = findModerated(client, channel, { verb: "RENAME", act: "own" });
    if (!room) return;
    try {
      const to = parseRoomName(fromChannel(name) ?? "");
      await chat.moderation.rename(member, room.name, to, reason.normalize("NFC"));
    } catch (error) {
      return explain(client, channel, name, error);
    }
    // Everybody has followed before the next command, which then applies to the new channel.
    await chat.followers.settled();
  },
};

function explain(client: IrcClient, channel: string, name: string, error: unknown): void {
  if (!(error instanceof DomainError) || error.code === "unavailable") {
    return client.explain(error, "RENAME", channel);
  }
  const code = error.code === "name-in-use" ? "CHANNEL_NAME_IN_USE" : "CANNOT_RENAME";
  sendFail(client, "RENAME", code, [channel, name], inIrcWords(error.message));
}
