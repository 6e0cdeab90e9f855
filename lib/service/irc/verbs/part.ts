import { keepSecret } from "../../chat/speech/said_text.ts";
import type { IrcClient } from "../irc_door.ts";
import { explainAbsence, findEntered } from "../known_channels.ts";
import type { Verb } from "../verb.ts";

export const PART: Verb = {
  name: "PART",
  minParams: 1,
  help: [
    "PART #CHANNEL[,#CHANNEL...] [:TEXT] - leaves channels, with a parting message if you like",
  ],
  run(client, { params: [channels, text = ""] }) {
    keepSecret(client.person, text);
    for (const channel of channels.split(",")) leave(client, channel, text.normalize("NFC"));
  },
};

function leave(client: IrcClient, channel: string, text: string): void {
  const { person, irc: { chat: { registry } }, member } = client;
  const room = findEntered(client, channel);
  if (!room) return explainAbsence(client, channel);
  // As everywhere, those who may not speak have no last word.
  client.partText = registry.maySpeak(member, room) ? text : "";
  person.visits.leave(room, client.partText);
}
