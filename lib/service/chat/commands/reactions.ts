import { type ChatCommand, showUsage } from "../command.ts";
import { readReferenced, REFERENCE, referenceText, resolveReference } from "../event_reference.ts";

const ARGUMENT = new RegExp(`^${REFERENCE}$`);

export const reactions: ChatCommand = {
  name: "reactions",
  usage: "/reactions #SEQ",
  summary: "show who reacted to a message, and how",
  async run(person, argument) {
    const match = ARGUMENT.exec(argument);
    if (!match) return showUsage(person, reactions);
    const reference = await resolveReference(person, match[1], Number(match[2]));
    const event = await readReferenced(person, reference);
    const shown = referenceText(reference);
    if (!event.reactions) {
      return void person.notice(`Nobody has reacted to ${shown}. /react ${shown} +1 does.`);
    }
    for (const { emoji, from } of event.reactions) {
      person.notice(`+${from.length} ${emoji} ${from.join(", ")}`);
    }
  },
};
