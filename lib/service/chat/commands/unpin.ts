import { unpinEvent } from "../acts/message_acts.ts";
import { type ChatCommand, showUsage } from "../command.ts";
import { REFERENCE, resolveReference } from "../event_reference.ts";

const ARGUMENT = new RegExp(`^${REFERENCE}$`);

export const unpin: ChatCommand = {
  name: "unpin",
  usage: "/unpin #SEQ",
  summary: "unpin a message",
  details: "/pins lists them. With topic-lock on, only moderators may do that.",
  async run(person, argument) {
    const match = ARGUMENT.exec(argument);
    if (!match) return showUsage(person, unpin);
    await unpinEvent(person, await resolveReference(person, match[1], Number(match[2])));
  },
};
