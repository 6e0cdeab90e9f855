import { explainAbsence, explainNoChannel, findKnown } from "../known_channels.ts";
import type { Verb } from "../verb.ts";

/**
 * Refused (the codes are those of IRCv3 draft/channel-rename): the number of each message, by which
 * people, links, exports and receipts know it, names its room.
 */
export const RENAME: Verb = {
  name: "RENAME",
  minParams: 2,
  help: [
    "RENAME #CHANNEL #NAME - is refused: the number of each message names its channel for good",
  ],
  run(client, { params: [channel, name] }) {
    const { irc: { chat: { access } }, member } = client;
    const room = findKnown(client, channel);
    if (!room) return explainNoChannel(client, channel);
    const isMember = room.members.has(member);
    if (!isMember && !member.isOperator) return explainAbsence(client, channel);
    const refusal = access.refusal(member, room.name, "own", { isMember });
    if (refusal) return client.explain(refusal, "RENAME", channel);
    client.fail(
      "RENAME",
      "CANNOT_RENAME",
      [channel, name],
      "Channels keep their names here, because the number of each message names its channel. " +
        "Set a topic that tells where to go, and JOIN a new channel.",
    );
  },
};
