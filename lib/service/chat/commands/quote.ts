import { isDirectRoom } from "../../../domain/access/direct_room.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import { isUnkept } from "../../../domain/unlogged.ts";
import { type ChatCommand, showUsage } from "../command.ts";
import { readReferenced, REFERENCE, referenceText, resolveReference } from "../event_reference.ts";
import { sentence } from "../sentence.ts";

const ARGUMENT = new RegExp(`^${REFERENCE}$`);

export const quote: ChatCommand = {
  name: "quote",
  usage: "/quote #SEQ",
  summary: "show everybody a line again",
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
    const quoted = `${referenceText(reference)} ${sentence(event)}`;
    person.say("message", `> ${quoted}`);
    person.notice(`You quoted ${quoted}`);
  },
};
