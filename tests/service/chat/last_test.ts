import { assertEquals } from "@std/assert";
import type { SearchHit, SearchOptions, SearchResult } from "../../../lib/domain/search/search.ts";
import { ChatRoom } from "../../support/chat_room.ts";
import { eventOf } from "../../support/room_events.ts";

const AT = new Date(2026, 10, 21, 6, 30).getTime();

function hit(seq: number, ...parts: string[]): SearchHit {
  const snippet = parts.map((text, index) => ({ text, isMatch: index % 2 === 1 }));
  const event = eventOf(seq, { room: "lobby", at: AT, from: "ann", body: parts.join("") });
  return { event, snippet, before: [], after: [] };
}

/** A chat whose search finds this, and what was asked of it. */
async function chatWith(result: SearchResult) {
  const requests: SearchOptions[] = [];
  const search = {
    search(request: SearchOptions) {
      requests.push(request);
      return Promise.resolve(result);
    },
  };
  const chat = new ChatRoom({ search });
  return { chat, requests, jack: await chat.enter("jack") };
}

Deno.test("/last shows the last lines of the room with a word, the latest at the end", async () => {
  const hits = [hit(12, "the ", "disk", " is full"), hit(7, "", "disk", "?")];
  const { chat, requests, jack } = await chatWith({ hits });
  await using _chat = chat;
  await jack.ask(
    "/last disk -from:bob",
    "#7 2026-11-21 06:30 <ann> *disk*?",
    "#12 2026-11-21 06:30 <ann> the *disk* is full",
  );
  const [{ scope: _scope, ...request }] = requests;
  assertEquals(request, { query: "disk -from:bob", room: "lobby", limit: 20, context: 0 });
});

Deno.test("/last says that there is nothing, that there is more, and why it is incomplete", async () => {
  const none = await chatWith({ hits: [] });
  await none.jack.ask("/last disk", "* Nothing found for disk in #lobby");
  await none.jack.ask(
    "/last",
    "! Usage: /last WORD (show the last lines of this room with a word)",
  );
  none.jack.say("/leave");
  await none.jack.read();
  await none.jack.ask("/last disk", "! You are not in any room. Join one with /join ROOM.");
  await none.chat[Symbol.asyncDispose]();
  const more = await chatWith({ hits: [hit(7, "", "disk", "")], next: 7 });
  await more.jack.ask(
    "/last disk",
    "#7 2026-11-21 06:30 <ann> *disk*",
    "* These are the latest. /search disk in:lobby shows more.",
  );
  await more.chat[Symbol.asyncDispose]();
  const slow = await chatWith({ hits: [], next: 7, note: "Searched back to #7." });
  await slow.jack.ask(
    "/last disk",
    "* Nothing found for disk in #lobby",
    "* Searched back to #7.",
  );
  await slow.chat[Symbol.asyncDispose]();
});

Deno.test("/last is not available without search", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  await jack.ask("/last disk", "! Search is not available on this server.");
});
