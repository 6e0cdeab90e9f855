import { DomainError } from "../../../domain/domain_error.ts";
import { type ChatCommand, showUsage } from "../command.ts";

/** Most lines shown. */
const MOST_LINES = 20;

export const last: ChatCommand = {
  name: "last",
  aliases: ["lastlog"],
  usage: "/last WORD",
  summary: "show the last lines of this room with a word",
  details:
    `Shows up to ${MOST_LINES}, the latest at the end. It takes the same words and filters as ` +
    "/search: /last level:err timeout.",
  async run(person, argument) {
    const { name: room } = person.requireRoom();
    if (argument === "") return showUsage(person, last);
    const { search } = person.sees;
    if (!search) throw new DomainError("unavailable", "Search is not available on this server.");
    const found = await search({ query: argument, room, limit: MOST_LINES, context: 0 });
    if (found.hits.length === 0) person.notice(`Nothing found for ${argument} in #${room}`);
    for (const hit of found.hits.toReversed()) person.screen.showHit(hit, false, true);
    if (found.note) person.notice(found.note);
    else if (found.next !== undefined) {
      person.notice(`These are the latest. /search ${argument} in:${room} shows more.`);
    }
  },
};
