import { isDirectRoom } from "../../../domain/direct_room.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import type { RoomEvent } from "../../../domain/room_event.ts";
import type { SearchHit } from "../../../domain/search/search.ts";
import type { ChatSession, SearchPage } from "../chat_session.ts";
import type { ChatCommand } from "../command.ts";

/** Hits shown at a time. */
const PAGE_HITS = 20;
/** The most lines shown before and after each hit. */
const MAX_CONTEXT = 10;
/** As the command of the program has it. */
const CONTEXT_OPTION = /(?:^|\s)-C\s*(\d{1,4})(?=\s|$)/;

export const search: ChatCommand = {
  name: "search",
  usage: "/search QUERY [-C N]",
  summary: "search all rooms, newest first",
  details:
    'Finds words, "phrases" and prefixes*, and leaves out -words. Filters: from:NAME in:ROOM ' +
    "kind:log level:err host:web1 app:nginx field.status:500 before:2026-11-21 after:2h has:link. " +
    "in:@NAME searches your conversation with somebody. -C 2 adds two lines before and after each. /search alone shows more results.",
  async run(person, argument) {
    const { search } = person.sees;
    if (!search) throw new DomainError("unavailable", "Search is not available on this server.");
    const { query, before, context } = argument === "" ? more(person) : parseArgument(argument);
    const result = await search({ query, before, limit: PAGE_HITS, context });
    for (const [index, hit] of result.hits.entries()) {
      if (context > 0 && !await person.screen.ready()) return;
      person.screen.showHit(labelled(hit, person), context > 0 && index > 0);
    }
    const { next } = result;
    person.searched = next === undefined ? undefined : { query, before: next, context };
    if (result.note) person.notice(`${result.note} /search alone continues.`);
    else if (result.hits.length === 0) person.notice(nothingFound(query, before));
    else if (next !== undefined) person.notice("/search alone shows more results.");
  },
};

/** A hit with conversations called by the other one's name: `@bob`. */
function labelled(hit: SearchHit, { sees }: ChatSession): SearchHit {
  if (!isDirectRoom(hit.event.room)) return hit;
  const room = sees.label(hit.event.room);
  const inRoom = (event: RoomEvent) => ({ ...event, room });
  return {
    ...hit,
    event: inRoom(hit.event),
    before: hit.before.map(inRoom),
    after: hit.after.map(inRoom),
  };
}

/** A query, and how many lines to show around each hit. */
function parseArgument(argument: string): SearchPage {
  const context = Number(CONTEXT_OPTION.exec(argument)?.[1] ?? 0);
  const query = argument.replace(CONTEXT_OPTION, "").trim();
  return { query, context: Math.min(context, MAX_CONTEXT) };
}

/** Where the last search continues. @throws {DomainError} If there is nothing more. */
function more(person: ChatSession): SearchPage {
  if (person.searched) return person.searched;
  throw new DomainError("bad-query", "There are no more results. Search again with /search QUERY.");
}

function nothingFound(query: string, before: number | undefined): string {
  return before === undefined ? `Nothing found for ${query}` : "No more results.";
}
