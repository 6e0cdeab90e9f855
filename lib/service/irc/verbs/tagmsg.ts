import { DomainError } from "../../../domain/domain_error.ts";
import { nameKey } from "../../../domain/name.ts";
import { requireAdmission } from "../../chat/speech/private_messages.ts";
import { partnerOf } from "../history/history_target.ts";
import type { IrcClient } from "../irc_door.ts";
import { fromChannel, fromIrcNick, toChannel, toIrcNick } from "../irc_names.ts";
import { IRC_LIMITS } from "../isupport.ts";
import { notIn } from "../known_channels.ts";
import { clientOnlyTags } from "../lines/client_tags.ts";
import { conversationOf, takeReactions } from "../speech/message_acts.ts";
import { explainTarget } from "../speech/speak.ts";
import { peopleWithSign, signedTarget } from "../speech/status_message.ts";
import { echoTags, relayTags, relayTagsTo } from "../speech/tag_relay.ts";
import type { Verb } from "../verb.ts";

/**
 * Tags without a text (IRCv3 message-tags): a reaction, or what somebody is doing just now, which is
 * not kept.
 */
export const TAGMSG: Verb = {
  name: "TAGMSG",
  minParams: 1,
  help: ["TAGMSG TARGET[,TARGET...] - sends only the tags in front of it"],
  async run(client, message) {
    const tags = clientOnlyTags(client, message);
    const targets = message.params[0].split(",");
    if (targets.length > IRC_LIMITS.targets) {
      return client.reply("407", message.params[0], `At most ${IRC_LIMITS.targets} recipients.`);
    }
    if (tags.length === 0) return;
    if (targets.length > 1) client.answer?.open();
    for (const target of targets) {
      try {
        await send(client, target, tags);
      } catch (error) {
        explainTarget(client, "TAGMSG", target, error);
      }
    }
  },
};

async function send(
  client: IrcClient,
  target: string,
  tags: readonly [string, string][],
): Promise<void> {
  const { person, member, irc } = client;
  const signed = signedTarget(target);
  const name = signed?.room ?? fromChannel(target);
  const id = crypto.randomUUID();
  const at = irc.clock.now();
  if (name === undefined) {
    requireAdmission(person);
    const partner = partnerOf(client, target);
    client.addressed = fromIrcNick(target);
    const others = partner === undefined
      ? tags
      : await takeReactions(client, conversationOf(member.account!, partner), tags);
    if (others.length === 0) return;
    const to = person.findPerson(fromIrcNick(target));
    if (!to.ignored.has(nameKey(person.nickname))) {
      relayTagsTo(client, irc.clientOf(to), {
        target: toIrcNick(to.nickname),
        tags: others,
        id,
        at,
      });
      if (to.isRemote) to.screen.showTags?.({ from: person.nickname, tags: others, id });
    }
    return;
  }
  const room = person.findCalled(name);
  if (!room) throw notIn(client, toChannel(name));
  if (!irc.chat.registry.maySpeak(member, room)) {
    throw new DomainError("not-delivered", `You may not speak in #${room.name} now.`);
  }
  const channel = toChannel(room.name);
  if (signed) {
    const { sign } = signed;
    const notice = { from: person.nickname, room: room.name, sign, tags, id };
    for await (const to of peopleWithSign(client, room, sign)) to.screen.showTags?.(notice);
    return echoTags(client, { target: sign + channel, tags, id, at });
  }
  const others = await takeReactions(client, room, tags);
  if (others.length === 0) return;
  await relayTags(client, room.members, { target: channel, tags: others, id, at });
  irc.chat.claims?.announceTags({ from: person.nickname, room: room.name, tags: others, id });
}
