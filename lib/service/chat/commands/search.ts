import { DomainError } from "../../../domain/domain_error.ts";
import type { ChatSession } from "../chat_session.ts";
import type { ChatCommand } from "../command.ts";

/** Hits shown at a time. */
const PAGE_HITS = 20;

export const search: ChatCommand = {
  name: "search",
  usage: "/search QUERY",
  summary: "find what was said in any room, the newest first",
  details: 'Looks for words, "phrases", beginnings* and -not; from:NAME in:ROOM kind:log ' +
    "level:err before:2026-11-21 after:2h has:link narrow it. /search alone shows more.",
  async run(person, argument) {
    const { search } = person.chat;
    if (!search) throw new DomainError("unavailable", "Search is not available on this server.");
    const { query, before } = argument === ""
      ? more(person)
      : { query: argument, before: undefined };
    const result = await search.search({ query, before, limit: PAGE_HITS, context: 0 });
    for (const hit of result.hits) person.screen.showHit(hit);
    person.searched = result.next === undefined ? undefined : { query, before: result.next };
    if (result.note) person.notice(`${result.note} /search alone goes on.`);
    else if (result.hits.length === 0) person.notice(nothingFound(query, before));
    else if (result.next !== undefined) person.notice("/search alone shows more.");
  },
};

/** Where the last search goes on. @throws {DomainError} if it does not. */
function more(person: ChatSession): { query: string; before: number } {
  if (person.searched) return person.searched;
  throw new DomainError("bad-query", "There is nothing more. Say what to look for: /search QUERY.");
}

function nothingFound(query: string, before: number | undefined): string {
  return before === undefined ? `Nothing was found for ${query}` : "Nothing more was found.";
}
