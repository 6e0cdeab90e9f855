import { pinEvent } from "../acts/message_acts.ts";
import { type ChatCommand, showUsage } from "../command.ts";
import { REFERENCE, resolveReference } from "../event_reference.ts";

const ARGUMENT = new RegExp(`^${REFERENCE}$`);

export const pin: ChatCommand = {
  name: "pin",
  usage: "/pin #SEQ",
  summary: "pin a message, so that /pins and the web page show it",
  details: "/pins lists them. With topic-lock on, only moderators may do that.",
  async run(person, argument) {
    const match = ARGUMENT.exec(argument);
    if (!match) return showUsage(person, pin);
    await pinEvent(person, await resolveReference(person, match[1], Number(match[2])));
  },
};
