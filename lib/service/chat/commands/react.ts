import { parseEmoji } from "../../../domain/acts/emoji.ts";
import { EMOJI_BY_NAME } from "../../../domain/acts/emoji_names.ts";
import { reactTo } from "../acts/message_acts.ts";
import { type ChatCommand, showUsage } from "../command.ts";
import { REFERENCE, referenceText, resolveReference } from "../event_reference.ts";

const ARGUMENT = new RegExp(`^${REFERENCE}\\s+(\\S+)$`);

export const react: ChatCommand = {
  name: "react",
  usage: "/react #SEQ EMOJI",
  summary: "react to a message, or take that back",
  details:
    `Any emoji, or its name: ${
      Object.keys(EMOJI_BY_NAME).join(" ")
    }. The same again takes it back. ` +
    "/reactions #12 shows who reacted, and how. /react @bob#12 +1 reacts to a private message.",
  async run(person, argument) {
    const match = ARGUMENT.exec(argument);
    if (!match) return showUsage(person, react);
    const [, room, seq, text] = match;
    const emoji = parseEmoji(text);
    if (emoji === undefined) {
      return person.error(`${text} is not an emoji. /help react lists names, such as +1 and tada.`);
    }
    const reference = await resolveReference(person, room, Number(seq));
    const isAdded = await reactTo(person, reference, emoji);
    const shown = referenceText(reference);
    person.notice(
      isAdded ? `You reacted with ${emoji} to ${shown}.` : `You took ${emoji} back from ${shown}.`,
    );
  },
};
