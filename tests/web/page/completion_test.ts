import { assertEquals } from "@std/assert";
import { complete, completionsAt } from "../../../lib/web/page/completion.ts";

const CONTEXT = {
  commands: [
    { name: "who", usage: "/who [ROOM]", summary: "list who is there" },
    { name: "whisper", usage: "/whisper NAME", summary: "x" },
    { name: "msg", usage: "/msg NAME TEXT", summary: "say to one" },
    { name: "join", usage: "/join ROOM", summary: "enter" },
  ],
  names: ["bob", "Ann", "anna"],
  rooms: ["lobby", "ops"],
};

/** What the word before `|` may become. */
function labels(text: string, isAsked = false): string[] | undefined {
  return completionsAt(text.replace("|", ""), text.indexOf("|"), CONTEXT, isAsked)
    ?.items.map(({ label }) => label);
}

/** The text, with `|` at the caret, after the first completion. */
function completed(text: string, isAsked = false): string {
  const caret = text.indexOf("|");
  const completions = completionsAt(text.replace("|", ""), caret, CONTEXT, isAsked)!;
  const done = complete(text.replace("|", ""), completions, completions.items[0]);
  return `${done.text.slice(0, done.caret)}|${done.text.slice(done.caret)}`;
}

Deno.test("completionsAt() knows commands, at the beginning only", () => {
  assertEquals(labels("/|")!.length, 4);
  assertEquals(labels("/wh|"), ["/who [ROOM]", "/whisper NAME"]);
  assertEquals(labels("/WHO|"), ["/who [ROOM]"]);
  assertEquals(labels("/x|"), undefined);
  assertEquals(labels("see /wh|"), undefined);
});

Deno.test("completionsAt() knows what commands are about: people or rooms", () => {
  assertEquals(labels("/msg a|"), ["Ann", "anna"]);
  assertEquals(labels("/join o|"), ["#ops"]);
  assertEquals(labels("/join #|"), ["#lobby", "#ops"]);
  assertEquals(completed("/join #o|"), "/join #ops |");
  assertEquals(labels("/msg ann hello a|"), undefined);
});

Deno.test("completionsAt() thinks of names after @, or when asked", () => {
  assertEquals(labels("hello @|"), ["bob", "Ann", "anna"]);
  assertEquals(labels("hello @an|"), ["Ann", "anna"]);
  assertEquals(labels("hello an|"), undefined);
  assertEquals(labels("hello an|", true), ["Ann", "anna"]);
  assertEquals(labels("mail@an|", true), undefined);
  assertEquals(labels("hello |", true), undefined);
  assertEquals(labels("|", true), undefined);
});

Deno.test("complete() puts a name in, with a colon where a line begins with it", () => {
  assertEquals(completed("an|", true), "Ann: |");
  assertEquals(completed("hello @b| there"), "hello bob |there");
  assertEquals(completed("/wh|"), "/who |");
});
