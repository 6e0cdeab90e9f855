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

/** The completions at `|`. */
function labels(text: string, isAsked = false): string[] | undefined {
  return completionsAt(text.replace("|", ""), text.indexOf("|"), CONTEXT, isAsked)
    ?.items.map(({ label }) => label);
}

/** The text after the first completion, with `|` at the caret. */
function completed(text: string, isAsked = false): string {
  const caret = text.indexOf("|");
  const completions = completionsAt(text.replace("|", ""), caret, CONTEXT, isAsked)!;
  const done = complete(text.replace("|", ""), completions, completions.items[0]);
  return `${done.text.slice(0, done.caret)}|${done.text.slice(done.caret)}`;
}

Deno.test("completionsAt() completes commands at the start of the text only", () => {
  assertEquals(labels("/|")!.length, 4);
  assertEquals(labels("/wh|"), ["/who [ROOM]", "/whisper NAME"]);
  assertEquals(labels("/WHO|"), ["/who [ROOM]"]);
  assertEquals(labels("/x|"), undefined);
  assertEquals(labels("see /wh|"), undefined);
});

Deno.test("completionsAt() completes a command's argument with people or rooms", () => {
  assertEquals(labels("/msg a|"), ["Ann", "anna"]);
  assertEquals(labels("/join o|"), ["#ops"]);
  assertEquals(labels("/join #|"), ["#lobby", "#ops"]);
  assertEquals(completed("/join #o|"), "/join #ops |");
  assertEquals(labels("/msg ann hello a|"), undefined);
});

Deno.test("completionsAt() completes names after @, or on Tab", () => {
  assertEquals(labels("hello @|"), ["bob", "Ann", "anna"]);
  assertEquals(labels("hello @an|"), ["Ann", "anna"]);
  assertEquals(labels("hello an|"), undefined);
  assertEquals(labels("hello an|", true), ["Ann", "anna"]);
  assertEquals(labels("mail@an|", true), undefined);
  assertEquals(labels("hello |", true), undefined);
  assertEquals(labels("|", true), undefined);
});

Deno.test("completionsAt() completes emoji by their names, and leaves smileys alone", () => {
  assertEquals(labels("well done :th|"), ["👍 thumbsup", "👎 thumbsdown", "🙏 thanks"]);
  assertEquals(completed("/react #12 :ta|"), "/react #12 🎉 |");
  assertEquals(completed(":+1:| there"), "👍 |there");
  for (const text of [":|", ":x|", ":-)|", "10:30|", "http://th|", "a:th|"]) {
    assertEquals(labels(text), undefined);
  }
});

Deno.test("complete() inserts a name, with a colon at the start of the line", () => {
  assertEquals(completed("an|", true), "Ann: |");
  assertEquals(completed("hello @b| there"), "hello bob |there");
  assertEquals(completed("/wh|"), "/who |");
});
