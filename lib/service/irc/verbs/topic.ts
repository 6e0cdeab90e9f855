import { keepSecret } from "../../chat/speech/said_text.ts";
import { IRC_LIMITS } from "../isupport.ts";
import { findEntered, findKnown, noChannel, notIn } from "../known_channels.ts";
import { splitText } from "../lines/split_text.ts";
import { sendTopic } from "../rooms/topic_reply.ts";
import type { Verb } from "../verb.ts";

export const TOPIC: Verb = {
  name: "TOPIC",
  minParams: 1,
  help: ["TOPIC #CHANNEL [:TEXT] - shows or sets the topic of a channel; an empty text clears it"],
  async run(client, { params: [channel, text] }) {
    const { person, member, irc: { chat: { registry } } } = client;
    const room = findEntered(client, channel);
    if (text === undefined) {
      // The topic of a secret channel is shown to its members only (RFC 2812 section 4.2.6).
      const shown = room ?? findKnown(client, channel);
      if (!shown) throw noChannel(channel);
      return sendTopic(client, shown);
    }
    if (!room) throw notIn(client, channel);
    keepSecret(person, text);
    // As much of it as others can be sent in one line.
    const [topic = ""] = splitText(text.normalize("NFC"), IRC_LIMITS.topic);
    registry.say(member, room, "topic", topic);
    // It comes back as part of the answer.
    if (client.answer) await registry.settled();
  },
};
