import { assertEquals } from "@std/assert";
import { hitsText } from "../../../lib/web/page/search_view.ts";
import { filterOf, withFilter } from "../../../lib/web/page/query_filter.ts";
import { RequestError } from "../../../lib/web/page/requests.ts";
import { SearchView } from "../../../lib/web/page/search_view.ts";
import type { EventJson, HitJson, SearchAnswer } from "../../../lib/web/protocol.ts";

function event(id: number, over: Partial<EventJson> = {}): EventJson {
  const at = "2026-11-21T06:30:00.000Z";
  return {
    id,
    room: "ops",
    seq: id,
    at,
    kind: "message",
    from: "ann",
    body: `line ${id}`,
    ...over,
  };
}

function hit(id: number): HitJson {
  return { event: event(id), snippet: [], before: [event(id - 1)], after: [event(id + 1)] };
}

/** A search whose answers come from the test. */
function scene() {
  const asked: unknown[] = [];
  const answers: PromiseWithResolvers<SearchAnswer>[] = [];
  const view = new SearchView({
    search: (request) => {
      asked.push(request);
      answers.push(Promise.withResolvers());
      return answers.at(-1)!.promise;
    },
    onChange: () => {},
  });
  return { view, asked, answers };
}

Deno.test("SearchView.start() searches one room or all rooms, and more() loads the next page", async () => {
  const { view, asked, answers } = scene();
  view.query = "disk";
  const first = view.start("ops");
  assertEquals(view.isLoading, true);
  answers[0].resolve({ type: "found", hits: [hit(90)], next: 90 });
  await first;
  const second = view.more();
  answers[1].resolve({ type: "found", hits: [hit(50)] });
  await second;
  assertEquals(view.hits.map(({ event }) => event.id), [90, 50]);
  assertEquals(view.hasMore, false);
  await view.more();
  view.isEverywhere = true;
  const third = view.start("ops");
  answers[2].resolve({ type: "found", hits: [] });
  await third;
  assertEquals(asked, [
    { query: "disk", context: 1, limit: 20, room: "ops" },
    { query: "disk", context: 1, limit: 20, room: "ops", before: 90 },
    { query: "disk", context: 1, limit: 20 },
  ]);
});

Deno.test("SearchView.start() searches the rooms that the query names, not the open one", async () => {
  const { view, asked, answers } = scene();
  for (const query of ["disk in:log", "-in:log disk", '"in:log" disk']) {
    view.query = query;
    const search = view.start("ops");
    answers.at(-1)!.resolve({ type: "found", hits: [hit(1)] });
    await search;
  }
  assertEquals(asked, [
    { query: "disk in:log", context: 1, limit: 20 },
    { query: "-in:log disk", context: 1, limit: 20, room: "ops" },
    { query: '"in:log" disk', context: 1, limit: 20, room: "ops" },
  ]);
});

Deno.test("SearchView.start() goes on in all rooms if there is nothing in the open one", async () => {
  const { view, asked, answers } = scene();
  view.query = "disk";
  const search = view.start("ops");
  answers[0].resolve({ type: "found", hits: [] });
  await Promise.resolve();
  assertEquals(view.isLoading, true);
  answers[1].resolve({ type: "found", hits: [hit(7)], next: 7 });
  await search;
  assertEquals([view.widenedFrom, view.hits.length, view.hasMore], ["ops", 1, true]);
  assertEquals(asked, [
    { query: "disk", context: 1, limit: 20, room: "ops" },
    { query: "disk", context: 1, limit: 20 },
  ]);
  // While not all of the room was searched, it is not left.
  const partly = view.start("ops");
  answers[2].resolve({ type: "found", hits: [], next: 5, note: "Not everything was searched." });
  await partly;
  assertEquals([view.widenedFrom, answers.length], [undefined, 3]);
});

Deno.test("SearchView.start() shows only the answer to the last search", async () => {
  const { view, answers } = scene();
  view.query = "di";
  const first = view.start("ops");
  view.query = "disk";
  const second = view.start("ops");
  answers[1].resolve({ type: "found", hits: [hit(2)] });
  answers[0].resolve({ type: "found", hits: [hit(1)] });
  await Promise.all([first, second]);
  assertEquals(view.hits.map(({ event }) => event.id), [2]);
});

Deno.test("SearchView.start() reports a bad query, and ignores an empty one", async () => {
  const { view, asked, answers } = scene();
  view.query = "  ";
  await view.start("ops");
  assertEquals(asked, []);
  view.query = "kind:nonsense";
  const search = view.start("ops");
  answers[0].reject(new RequestError("bad-query", "There is no kind nonsense."));
  await search;
  assertEquals([view.problem, view.isLoading], ["There is no kind nonsense.", false]);
  view.clear();
  assertEquals([view.problem, view.query], [undefined, ""]);
});

Deno.test("withFilter() sets, changes and removes filters, and keeps the rest of the query", () => {
  assertEquals(withFilter("disk full", "from", "ann"), "disk full from:ann");
  assertEquals(withFilter("from:ann disk FROM:bob", "from", "kim"), "from:kim disk");
  assertEquals(withFilter('"no space" from:ann -x', "from", ""), '"no space" -x');
  assertEquals(withFilter("x", "from", 'two "words" '), 'x from:"two words"');
  assertEquals(withFilter("", "kind", "log"), "kind:log");
  assertEquals(withFilter('"unended phrase', "kind", "log"), '"unended phrase kind:log');
});

Deno.test("filterOf() returns the value of a filter", () => {
  assertEquals(filterOf('disk from:"a b" kind:log', "from"), "a b");
  assertEquals(filterOf('"from:ann" disk', "from"), "");
  assertEquals(filterOf("-from:ann", "from"), "");
});

Deno.test("hitsText() contains each event once, oldest first, in both formats", () => {
  const log = event(3, { kind: "log", from: "web-1", body: "\x1b[31mfull\nstop" });
  const hits = [hit(5), { ...hit(2), after: [log] }];
  assertEquals(
    hitsText(hits, "text"),
    [
      "2026-11-21T06:30:00.000Z ops#1 <ann> line 1",
      "2026-11-21T06:30:00.000Z ops#2 <ann> line 2",
      "2026-11-21T06:30:00.000Z ops#3 web-1| full␊stop",
      "2026-11-21T06:30:00.000Z ops#4 <ann> line 4",
      "2026-11-21T06:30:00.000Z ops#5 <ann> line 5",
      "2026-11-21T06:30:00.000Z ops#6 <ann> line 6",
      "",
    ].join("\n"),
  );
  const lines = hitsText(hits, "jsonl").trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.map(({ id }) => id), [1, 2, 3, 4, 5, 6]);
});

Deno.test("hitsText() writes events other than messages as the server's export does", () => {
  const events = [
    event(1, { kind: "topic", body: "tea" }),
    event(2, { kind: "nick", body: "anna" }),
    event(3, { kind: "action", body: "waves" }),
    event(4, { kind: "notice", body: "full" }),
  ];
  const hits = events.map((event) => ({ event, snippet: [], before: [], after: [] }));
  assertEquals(hitsText(hits, "text").match(/\* .*/g), [
    "* ann set the topic: tea",
    "* ann is now anna",
    "* ann waves",
    "* full",
  ]);
});

Deno.test("SearchView.redact() replaces the text of hits, and of what is around them", async () => {
  const { view, answers } = scene();
  view.query = "line";
  const started = view.start("ops");
  answers[0].resolve({ type: "found", hits: [hit(10), hit(20)] });
  await started;
  const fields = { of: "10" };
  view.redact("ops", [event(30, { kind: "redaction", from: "mia", body: "rude", fields })]);
  view.redact("ops", [
    event(31, { kind: "redaction", from: "mia", body: "", fields: { of: "21" } }),
  ]);
  view.redact("tea", [
    event(32, { kind: "redaction", from: "mia", body: "", fields: { of: "20" } }),
  ]);
  assertEquals(view.hits[0].snippet, [{ text: "(redacted by mia: rude)", isMatch: false }]);
  assertEquals(view.hits.map(({ event }) => event.body), ["", "line 20"]);
  assertEquals(
    hitsText(view.hits, "text").split("\n").map((line) => line.slice(25)),
    [
      "ops#9 <ann> line 9",
      "ops#10 <ann> (redacted by mia: rude)",
      "ops#11 <ann> line 11",
      "ops#19 <ann> line 19",
      "ops#20 <ann> line 20",
      "ops#21 <ann> (redacted by mia)",
      "",
    ],
  );
});
