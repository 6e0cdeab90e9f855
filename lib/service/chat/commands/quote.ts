import { isDirectRoom } from "../../../domain/direct_room.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import type { RoomEvent } from "../../../domain/room_event.ts";
import { type BlockLimits, BREAK_SIGN } from "../../../domain/text/block.ts";
import { isUnkept } from "../../../domain/unlogged.ts";
import { type ChatCommand, showUsage } from "../command.ts";
import { readReferenced, REFERENCE, referenceText, resolveReference } from "../event_reference.ts";
import { sentenceParts } from "../text/sentence.ts";

/** Lines that are quoted of a message. */
const MAX_LINES = 10;
const ARGUMENT = new RegExp(`^${REFERENCE}$`);

export const quote: ChatCommand = {
  name: "quote",
  usage: "/quote #SEQ",
  summary: "repeat a line to the room",
  details:
    "/history shows the numbers of lines. /quote log#4428 quotes a line of another room, as " +
    "/search and alerts name it.",
  async run(person, argument) {
    person.requireRoom();
    const match = ARGUMENT.exec(argument);
    if (!match) return showUsage(person, quote);
    const reference = await resolveReference(person, match[1], Number(match[2]));
    if (isDirectRoom(reference.room)) {
      throw new DomainError(
        "not-permitted",
        `That was said privately, so it cannot be quoted in #${person.requireRoom().name}.`,
      );
    }
    const event = await readReferenced(person, reference);
    if (isUnkept(event)) {
      throw new DomainError(
        "no-such-event",
        `${referenceText(reference)} was not kept, because no-log was on. Repeat it in your own ` +
          "words.",
      );
    }
    const quoted = linesToQuote(event, person.chat.blocks);
    quoted[0] = `${referenceText(reference)} ${quoted[0]}`;
    person.speech.say("message", quoted.map((line) => `> ${line}`).join("\n"));
    person.notice(`You quoted ${quoted.join(BREAK_SIGN)}`);
  },
};

/** The event as lines, of which only the first ones are quoted, so that they fit in a message. */
function linesToQuote(event: RoomEvent, { bytes, lines: most }: BlockLimits): string[] {
  const { head, lines } = sentenceParts(event);
  const count = Math.min(lines.length, MAX_LINES, most);
  const text = head + lines.slice(0, count).join("\n");
  // A UTF-16 unit has at most three bytes; the rest is for the signs of quoting.
  const characters = Math.floor(bytes / 4);
  const isCut = text.length > characters || count < lines.length;
  const whole = text.slice(0, characters).replace(/[\ud800-\udbff]$/, "");
  return `${whole}${isCut ? "\u2026" : ""}`.split("\n");
}
