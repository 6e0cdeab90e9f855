import { assert, assertEquals } from "@std/assert";
import type { EventText } from "../../../lib/domain/search/event_matcher.ts";
import { phrasesOf } from "../../../lib/domain/search/event_matcher.ts";
import { parseQuery } from "../../../lib/domain/search/parse_query.ts";
import { snippetOf } from "../../../lib/domain/search/snippet.ts";

/** The snippet with its matches in brackets. */
function snippet(query: string, event: EventText): string {
  return snippetOf(event, phrasesOf(parseQuery(query, 0)))
    .map(({ text, isMatch }) => isMatch ? `[${text}]` : text).join("");
}

Deno.test("snippetOf() marks all matches in the original text", () => {
  assertEquals(snippet("disk full", { body: "Disk is full, disk!" }), "[Disk] is [full], [disk]!");
  assertEquals(snippet('"disk full" full', { body: "disk: FULL" }), "[disk: FULL]");
  assertEquals(snippet("cafe conn*", { body: "un café connecté" }), "un [café] [connecté]");
  assertEquals(snippet("from:jack", { body: "hello" }), "hello");
  assertEquals(snippet("hello -world", { body: "hello there" }), "[hello] there");
});

Deno.test("snippetOf() cuts a long text around the first match, never inside a character", () => {
  const long = "👍".repeat(500);
  const text = snippet("needle", { body: `${long} needle ${long}` });
  assert(/^…(👍)+ \[needle\] (👍)+…$/u.test(text), text);
  assert(text.length < 320, `${text.length}`);
  assertEquals(snippet("start", { body: `start ${long}` }).slice(0, 10), "[start] 👍");
  assert(snippet("end", { body: `${long} end` }).endsWith(" [end]"));
  assertEquals(snippet("other", { body: long, fields: { x: "other" } }).slice(-11), "… x=[other]");
});

Deno.test("snippetOf() shows fields that match where the body does not", () => {
  const event = { body: "failed", fields: { status: 404, path: "/a", id: "404", n: 404, m: 404 } };
  assertEquals(snippet("failed 404", event), "[failed] status=[404] id=[404] n=[404]");
  assertEquals(snippet("failed", event), "[failed]");
});

Deno.test("snippetOf() shows a coloured text without its colours", () => {
  const fields = { log: "\x1b[33mslow\x1b[0m query" };
  const event = { body: "\x1b[31mERROR\x1b[0m: zq1", fields };
  assertEquals(snippet("error zq1", event), "[ERROR]: [zq1]");
  assertEquals(snippet('"slow query"', event), "ERROR: zq1 log=[slow query]");
});

Deno.test("snippetOf() shows text that a progress bar overwrote only if it was searched for", () => {
  const event = { body: "fetch failed\rfetch  100 %\r" };
  assertEquals(snippet("fetch", event), "[fetch]  100 %");
  assertEquals(snippet("fetch failed", event), "[fetch] [failed] [fetch]  100 %");
});
