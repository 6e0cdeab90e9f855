import { parseQuery } from "../../../lib/domain/search/parse_query.ts";
import { assert, assertEquals } from "@std/assert";
import type { SearchResult } from "../../../lib/domain/search/search.ts";
import { WHOLE_LOG } from "../../../lib/domain/search/search_scope.ts";
import { hitLines } from "../../../lib/service/chat/text/hit_text.ts";
import { LogSearcher } from "../../../lib/store/sqlite/search/log_searcher.ts";
import {
  type PageRequest,
  searchPage,
  stopNote,
} from "../../../lib/store/sqlite/search/search_page.ts";
import { draftOf, numbersOf } from "../../support/room_events.ts";
import { SearchableLog } from "../../support/searchable_log.ts";

function page(file: SearchableLog, query: string, request: Partial<PageRequest>, ms = 60_000) {
  const files = { searcher: new LogSearcher(file.reader), reader: file.reader };
  const parsed = parseQuery(query, file.now);
  const limits = { timeLimitMs: ms };
  const { done, value } = searchPage(files, parsed, {
    limit: 10,
    context: 0,
    scope: WHOLE_LOG,
    ...request,
  }, limits)
    .next();
  if (!done) throw new Error("Paused without being asked to");
  return value;
}

function idsOf({ hits }: SearchResult): number[] {
  return hits.map(({ event }) => event.id);
}

Deno.test("searchPage() returns page after page until the end", async () => {
  await using file = new SearchableLog();
  for (let number = 0; number < 3; number++) {
    await file.append(...Array.from({ length: 8 }, () => draftOf("log", "line")));
  }
  const first = page(file, "line", {});
  assertEquals(idsOf(first), [24, 23, 22, 21, 20, 19, 18, 17, 16, 15]);
  const second = page(file, "line", { before: first.next });
  assertEquals(idsOf(second), [14, 13, 12, 11, 10, 9, 8, 7, 6, 5]);
  const third = page(file, "line", { before: second.next });
  assertEquals([idsOf(third), third.next, third.note], [[4, 3, 2, 1], undefined, undefined]);
  // Exactly as many as there are: no link to an empty page.
  assertEquals(page(file, "line", { limit: 24 }).next, undefined);
});

Deno.test("searchPage() returns the context of a hit from its room", async () => {
  await using file = new SearchableLog();
  for (const word of ["one", "two", "three", "four", "five"]) {
    await file.append(draftOf("tea", word), draftOf("milk", `other ${word}`));
    await file.append(...Array.from({ length: 5 }, () => draftOf("tea", "", { kind: "join" })));
  }
  const [hit] = page(file, "three in:tea", { context: 2 }).hits;
  assertEquals(hit.before.map(({ body }) => body), ["one", "two"]);
  assertEquals(hit.after.map(({ body }) => body), ["four", "five"]);
  const [first] = page(file, "one in:tea", { context: 2 }).hits;
  assertEquals([first.before, numbersOf(first.after)], [[], [7, 13]]);
  assertEquals(hit.snippet, [{ text: "three", isMatch: true }]);
});

Deno.test("searchPage() says where it stopped", async () => {
  await using file = new SearchableLog();
  await file.append(draftOf("tea", "one"));
  // Out of time before it has begun.
  const { hits, next, note } = page(file, "one", {}, -1);
  assertEquals([hits, next, note === undefined], [[], Number.MAX_SAFE_INTEGER, false]);
  const time = new Date(2026, 10, 21, 6, 5).getTime();
  assertEquals(
    stopNote(2000, time),
    "Stopped after 2 s, having searched back to 2026-11-21 06:05. Add a word or filter to speed it " +
      "up.",
  );
});

Deno.test("searchPage() includes the message that a reply among the hits answers", async () => {
  await using file = new SearchableLog();
  await file.append(draftOf("tea", "100 % full", { from: "jack" }));
  await file.append(draftOf("tea", "on it", { fields: { reply: 1 } }));
  const about = { kind: "message", from: "jack", body: "100 % full" };
  const [hit] = page(file, "on", {}).hits;
  assertEquals(hit.event.about, about);
  assert(hitLines(hit)[0].endsWith("<ann> [#1 <jack> 100 % full] *on* it"), hitLines(hit)[0]);
  const [first] = page(file, "full", { context: 1 }).hits;
  assertEquals(first.after[0].about, about);
});
