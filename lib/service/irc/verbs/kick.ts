import type { IrcClient } from "../irc_door.ts";
import { fromIrcNick, toChannel } from "../irc_names.ts";
import { IRC_LIMITS } from "../isupport.ts";
import { findModerated } from "../known_channels.ts";
import type { Verb } from "../verb.ts";

export const KICK: Verb = {
  name: "KICK",
  minParams: 2,
  help: [
    "KICK #CHANNEL NICK[,NICK...] [:REASON] - sends people out of a channel, who may come back",
  ],
  async run(client, { params: [channels, nicks, comment = ""] }) {
    const targets = nicks.split(",").filter((nick) => nick !== "");
    const names = channels.split(",");
    if (names.length > 1 && names.length !== targets.length) {
      return client.reply("461", "KICK", "Name one channel, or as many as nicknames.");
    }
    if (targets.length > IRC_LIMITS.targets) {
      const text = `Too many targets: at most ${IRC_LIMITS.targets}. Nobody was sent out.`;
      return client.reply("407", nicks, text);
    }
    // Each KICK will come back as part of the answer.
    if (targets.length > 1) client.answer?.open();
    const reason = [...comment.normalize("NFC")].slice(0, IRC_LIMITS.kick).join("");
    for (const [index, nick] of targets.entries()) {
      await kickFrom(client, names[index] ?? names[0], nick, reason);
    }
    if (client.answer) await client.irc.chat.registry.settled();
  },
};

async function kickFrom(
  client: IrcClient,
  channel: string,
  nick: string,
  reason: string,
): Promise<void> {
  const { irc: { chat: { moderation, people } }, member } = client;
  const room = findModerated(client, channel, { verb: "KICK", act: "moderate" });
  if (!room) return;
  const target = people.find(fromIrcNick(nick));
  if (!target) return client.reply("401", nick, "No such nick. NAMES lists who is there.");
  if (!room.members.has(target.member)) {
    return client.reply("441", nick, toChannel(room.name), "They are not on that channel.");
  }
  const { nickname, account } = target.member;
  const also = account === undefined ? undefined : [account];
  try {
    await moderation.sanctions.kick(member, room.name, { name: nickname, also }, reason);
  } catch (error) {
    client.explain(error, "KICK", channel);
  }
}
