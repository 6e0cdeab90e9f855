import { DomainError } from "../../../domain/domain_error.ts";
import type { ChatSession } from "../chat_session.ts";
import type { ChatCommand } from "../command.ts";

/** Hits shown at a time. */
const PAGE_HITS = 20;

export const search: ChatCommand = {
  name: "search",
  usage: "/search QUERY",
  summary: "search all rooms, newest first",
  details:
    'Finds words, "phrases" and prefixes*, and leaves out -words. Filters: from:NAME in:ROOM ' +
    "kind:log level:err host:web1 app:nginx field.status:500 before:2026-11-21 after:2h has:link. " +
    "/search alone shows more results.",
  async run(person, argument) {
    const { search } = person.chat;
    if (!search) throw new DomainError("unavailable", "Search is not available on this server.");
    const { query, before } = argument === ""
      ? more(person)
      : { query: argument, before: undefined };
    const result = await search.search({ query, before, limit: PAGE_HITS, context: 0 });
    for (const hit of result.hits) person.screen.showHit(hit);
    person.searched = result.next === undefined ? undefined : { query, before: result.next };
    if (result.note) person.notice(`${result.note} /search alone continues.`);
    else if (result.hits.length === 0) person.notice(nothingFound(query, before));
    else if (result.next !== undefined) person.notice("/search alone shows more results.");
  },
};

/** Where the last search continues. @throws {DomainError} If there is nothing more. */
function more(person: ChatSession): { query: string; before: number } {
  if (person.searched) return person.searched;
  throw new DomainError("bad-query", "There are no more results. Search again with /search QUERY.");
}

function nothingFound(query: string, before: number | undefined): string {
  return before === undefined ? `Nothing found for ${query}` : "No more results.";
}
