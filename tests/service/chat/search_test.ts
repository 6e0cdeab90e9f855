import { assertEquals } from "@std/assert";
import { DomainError } from "../../../lib/domain/domain_error.ts";
import type { RoomEvent } from "../../../lib/domain/room_event.ts";
import type { SearchHit, SearchOptions, SearchResult } from "../../../lib/domain/search/search.ts";
import { ChatRoom } from "../../support/chat_room.ts";
import { eventOf } from "../../support/room_events.ts";

const AT = new Date(2026, 10, 21, 6, 30).getTime();

function hit(seq: number, room: string, ...parts: string[]): SearchHit {
  const snippet = parts.map((text, index) => ({ text, isMatch: index % 2 === 1 }));
  const event = eventOf(seq, { room, at: AT, from: "ann", body: parts.join("") });
  return { event, snippet, before: [], after: [] };
}

/** A chat with a fake search that records the requests. */
async function chatWith(...results: SearchResult[]) {
  const requests: SearchOptions[] = [];
  const search = {
    search(request: SearchOptions) {
      requests.push(request);
      return Promise.resolve(results[requests.length - 1] ?? { hits: [] });
    },
  };
  const chat = new ChatRoom({ search });
  return { chat, requests, jack: await chat.enter("jack") };
}

Deno.test("/search shows hits with room, number and marked matches", async () => {
  const { chat, requests, jack } = await chatWith({
    hits: [hit(12, "ops", "the ", "disk", " is full"), hit(7, "lobby", "", "disk", "?")],
  });
  await using _chat = chat;
  await jack.ask(
    "/search disk from:ann",
    "ops#12 2026-11-21 06:30 <ann> the *disk* is full",
    "lobby#7 2026-11-21 06:30 <ann> *disk*?",
  );
  const scope = { account: undefined, hidden: ["moderation"], only: undefined };
  assertEquals(requests, [
    { query: "disk from:ann", before: undefined, limit: 20, context: 0, scope },
  ]);
  assertEquals(jack.transcript.includes("\x1b"), false);
  jack.say("/set colour on");
  await jack.read();
});

Deno.test("/search marks matches in colour on terminals with colours", async () => {
  const found = { hits: [hit(1, "ops", "\x1b[2Ja", "\x9bdisk", "\r\n% %")] };
  const { chat, jack } = await chatWith(found, found);
  await using _chat = chat;
  await jack.ask("/search disk", "ops#1 2026-11-21 06:30 <ann> ^[[2Ja*<U+009B>disk*^M / % %");
  jack.say("/set colour on");
  await jack.read();
  await jack.ask(
    "/search disk",
    "ops#1 2026-11-21 06:30 <ann> ^[[2Ja\x1b[1;4m<U+009B>disk\x1b[0m^M / % %",
  );
});

Deno.test("/search shows formatting as styles, or as typed without colours", async () => {
  const [first] = [hit(1, "ops", "**the ", "disk", "** is `full`")];
  const before = [eventOf(2, { room: "ops", at: AT, from: "ann", body: "*why*" })];
  const found = { hits: [{ ...first, before }] };
  const { chat, jack } = await chatWith(found, found);
  await using _chat = chat;
  const place = "2026-11-21 06:30 <ann>";
  await jack.ask(
    "/search disk",
    `  ops#2 ${place} *why*`,
    `ops#1 ${place} **the *disk*** is \`full\``,
  );
  jack.say("/set colour on");
  await jack.read();
  await jack.ask(
    "/search disk",
    `  ops#2 ${place} \x1b[4mwhy\x1b[0m`,
    `ops#1 ${place} \x1b[1mthe \x1b[0m\x1b[1;4mdisk\x1b[0m is \x1b[36mfull\x1b[0m`,
  );
});

Deno.test("/search shows a pasted block as /history does", async () => {
  const found = { hits: [hit(1, "ops", "one\u2028two ", "disk", "\u2028three")] };
  const { chat, jack } = await chatWith(found);
  await using _chat = chat;
  await jack.ask("/search disk", "ops#1 2026-11-21 06:30 <ann> one / two *disk* / three");
});

Deno.test("/search marks a match in a change of name", async () => {
  const found = {
    hits: [{
      event: eventOf(1, { room: "ops", at: AT, from: "ann", kind: "nick", body: "anna" }),
      snippet: [{ text: "anna", isMatch: true }],
      before: [],
      after: [],
    }],
  };
  const { chat, jack } = await chatWith(found);
  await using _chat = chat;
  await jack.ask("/search anna", "ops#1 2026-11-21 06:30 * ann is now *anna*");
});

Deno.test("/search shows events without a text as sentences", async () => {
  const event = (seq: number, kind: RoomEvent["kind"]) =>
    eventOf(seq, { room: "ops", at: AT, from: "ann", kind, body: "" });
  const found = {
    hits: (["join", "part", "topic"] as const).map((kind, index) => ({
      ...{ event: event(index + 1, kind), snippet: [], before: [], after: [] },
    })),
  };
  const { chat, jack } = await chatWith(found, found);
  await using _chat = chat;
  const lines = [
    "ops#1 2026-11-21 06:30 * ann joined",
    "ops#2 2026-11-21 06:30 * ann left",
    "ops#3 2026-11-21 06:30 * ann cleared the topic",
  ];
  await jack.ask("/search kind:join,part,topic", ...lines);
  jack.say("/set colour on");
  await jack.read();
  await jack.ask("/search kind:join,part,topic", ...lines);
});

Deno.test("/search shows matches in the fields of a line without text", async () => {
  const log = eventOf(1, { room: "ops", at: AT, from: "web1", kind: "log", body: "" });
  const snippet = [{ text: " app=", isMatch: false }, { text: "disk", isMatch: true }];
  const { chat, jack } = await chatWith({ hits: [{ event: log, snippet, before: [], after: [] }] });
  await using _chat = chat;
  await jack.ask("/search disk", "ops#1 2026-11-21 06:30 web1|  app=*disk*");
});

Deno.test("/search writes hits for screen readers", async () => {
  const { chat, jack } = await chatWith({ hits: [hit(12, "ops", "the ", "disk", " is 9 % full")] });
  await using _chat = chat;
  jack.say("/set reader on", "/set colour on");
  await jack.read();
  await jack.ask("/search disk", "ann in ops: the disk is 9 % full, #12, 2026-11-21 06:30");
});

Deno.test("/search -C N shows the lines around each hit", async () => {
  const beside = (seq: number, body: string) =>
    eventOf(seq, { room: "ops", at: AT, from: "bob", body });
  const found = {
    hits: [12, 7].map((seq) => ({
      ...hit(seq, "ops", "the ", "disk"),
      before: [beside(seq - 1, "\x1b[1mearlier\x1b[0m")],
      after: [beside(seq + 1, "x".repeat(400))],
    })),
    next: 5,
  };
  const { chat, requests, jack } = await chatWith(found, { hits: [found.hits[0]] }, { hits: [] });
  await using _chat = chat;
  const lines = (seq: number) => [
    `  ops#${seq - 1} 2026-11-21 06:30 <bob> earlier`,
    `ops#${seq} 2026-11-21 06:30 <ann> the *disk*`,
    `  ops#${seq + 1} 2026-11-21 06:30 <bob> ${"x".repeat(300)}…`,
  ];
  await jack.ask(
    "/search disk -C 2 from:ann",
    ...[...lines(12), "--", ...lines(7), "* /search alone shows more results."],
  );
  jack.say("/set reader on", "/search");
  await jack.expect(
    "reader is on (plain lines for a screen reader: on or off)",
    "bob in ops: earlier, #11, 2026-11-21 06:30",
    "ann in ops: the disk, #12, 2026-11-21 06:30",
    `bob in ops: ${"x".repeat(300)}…, #13, 2026-11-21 06:30`,
  );
  jack.say("/search -C99 x");
  await jack.read();
  assertEquals(requests.map(({ query, context }) => [query, context]), [
    ["disk from:ann", 2],
    ["disk from:ann", 2],
    ["x", 10],
  ]);
});

Deno.test("/search alone continues the last search", async () => {
  const one = hit(1, "ops", "x");
  const { chat, requests, jack } = await chatWith(
    { hits: [one], next: 77 },
    { hits: [], next: 33, note: "Stopped after 2 s." },
    { hits: [] },
  );
  await using _chat = chat;
  const line = "ops#1 2026-11-21 06:30 <ann> x";
  await jack.ask("/search x", line, "* /search alone shows more results.");
  await jack.ask("/search", "* Stopped after 2 s. /search alone continues.");
  await jack.ask("/search", "* No more results.");
  await jack.ask("/search", "! There are no more results. Search again with /search QUERY.");
  assertEquals(requests.map(({ query, before }) => [query, before]), [
    ["x", undefined],
    ["x", 77],
    ["x", 33],
  ]);
});

Deno.test("/search reports no results and bad queries", async () => {
  await using chat = new ChatRoom({
    search: {
      search({ query }) {
        if (query !== "kind:x") return Promise.resolve({ hits: [] });
        return Promise.reject(new DomainError("bad-query", "There is no kind:x."));
      },
    },
  });
  const jack = await chat.enter("jack");
  await jack.ask("/search a\x1b[2Jb", "* Nothing found for a^[[2Jb");
  await jack.ask("/search kind:x", "! There is no kind:x.");
  await using without = new ChatRoom();
  const ann = await without.enter("ann");
  await ann.ask("/search x", "! Search is not available on this server.");
});
