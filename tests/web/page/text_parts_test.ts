import { assert, assertEquals } from "@std/assert";
import { isMention, mentionsIn } from "../../../lib/domain/text/mention.ts";
import { HUES, nameHue } from "../../../lib/web/page/names.ts";
import {
  formattedText,
  textParts,
  unformatted,
  visibleText,
} from "../../../lib/web/page/text_parts.ts";
import type { EventJson } from "../../../lib/web/protocol.ts";
import { SeededRandom } from "../../support/random.ts";

/** The parts with their sorts: `link(https://a)`. */
function parts(text: string, { name = "", lastSeq = 0 } = {}): string[] {
  return textParts(text, { name, lastSeq }).map((part) =>
    part.type === "text" ? part.text : `${part.type}(${part.text})`
  );
}

Deno.test("textParts() finds links without the punctuation after them", () => {
  assertEquals(parts("see https://a.example/b?c=d#e."), [
    "see ",
    "link(https://a.example/b?c=d#e)",
    ".",
  ]);
  assertEquals(parts("(http://a.example/x_(y))"), ["(", "link(http://a.example/x_(y))", ")"]);
  assertEquals(parts("HTTPS://A.EXAMPLE, and"), ["link(HTTPS://A.EXAMPLE)", ", and"]);
  assertEquals(parts('"https://a.example"'), ['"', "link(https://a.example)", '"']);
});

Deno.test("textParts() finds names of rooms in what the server says", () => {
  const rooms = (text: string) =>
    textParts(text, { name: "", lastSeq: 20, hasRooms: true })
      .flatMap((part) => part.type === "room" ? part.room : []);
  assertEquals(rooms("This room was called #tea. Earlier messages are in #tea-2.0."), [
    "tea",
    "tea-2.0",
  ]);
  assertEquals(rooms("#12 of #ops, #999 https://a.example/#top a#b ##c"), ["ops"]);
  assertEquals(textParts("#ops", { name: "", lastSeq: 20 }).map(({ type }) => type), ["text"]);
});

Deno.test("textParts() links only http and https", () => {
  for (
    const text of [
      "javascript:alert(1)",
      "data:text/html,<script>alert(1)</script>",
      "ftp://a.example/",
      "file:///etc/passwd",
      "https://",
      "https:// a",
      "http://[",
      "//a.example/",
      "www.a.example",
    ]
  ) assertEquals(parts(text), [text]);
  const [link] = textParts("https://user@a.example/'><script>", { name: "", lastSeq: 0 });
  assert(link.type === "link" && link.href === "https://user@a.example/");
});

Deno.test("textParts() finds the numbers of existing events", () => {
  assertEquals(parts("see #12, #13 and #400", { lastSeq: 13 }), [
    "see ",
    "event(#12)",
    ", ",
    "event(#13)",
    " and #400",
  ]);
  for (const text of ["a#1", "##1", "#1a", "&#1;", "#0", "x/#1"]) {
    assertEquals(parts(text, { lastSeq: 5 }), [text]);
  }
});

Deno.test("textParts() finds mentions as whole words in any case", () => {
  assertEquals(parts("ann: Ann! joanne, ann.", { name: "ann" }), [
    "mention(ann)",
    ": ",
    "mention(Ann)",
    "! joanne, ",
    "mention(ann)",
    ".",
  ]);
  assertEquals(parts("a.b. and a.b", { name: "a.b" }), ["mention(a.b)", ". and ", "mention(a.b)"]);
  assertEquals(mentionsIn("anything", ""), []);
});

Deno.test("textParts() ignores names and numbers inside links", () => {
  assertEquals(parts("https://a.example/ann/#1", { name: "ann", lastSeq: 5 }), [
    "link(https://a.example/ann/#1)",
  ]);
});

Deno.test("visibleText() shows what a terminal would, and other control characters", () => {
  assertEquals(visibleText("\x1b[1;31mred\x1b[0m \x07\x00\x7f\tx\ny"), "red ␇␀␡\tx\ny");
  assertEquals(visibleText("10%\r\x1b[K100%\r"), "100%");
});

Deno.test("textParts() keeps all of the text in order, and links only http(s) (fuzz)", () => {
  const random = new SeededRandom(5);
  const pieces = [
    "https://",
    "http://",
    "HTTP://",
    "javascript:",
    "a.example",
    "/",
    "(",
    ")",
    "[",
    "]",
    ".",
    ",",
    "#",
    "12",
    "9999999999999999",
    " ",
    "ann",
    "@",
    "<script>",
    '"',
    "'",
    "&amp;",
    "é",
    "\u202e",
    "🎈",
    "\x1b[31m",
    "\x00",
    "%",
    "\\",
    "?q=",
    ":",
    "user:pass@",
    "\u3000",
    "_",
    "*",
  ];
  for (let run = 0; run < 20_000; run++) {
    const text = Array.from({ length: random.int(12) }, () => random.pick(pieces)).join("");
    const found = textParts(text, { name: "ann", lastSeq: 100 });
    assertEquals(found.map((part) => part.text).join(""), visibleText(text));
    for (const part of found) {
      if (part.type === "link") assert(/^https?:\/\//.test(part.href), part.href);
    }
  }
});

Deno.test("isMention() ignores log lines and the user's own messages", () => {
  const event = (over: Partial<EventJson>): EventJson => ({
    id: 1,
    room: "lobby",
    seq: 1,
    at: "",
    kind: "message",
    from: "bob",
    body: "ann?",
    ...over,
  });
  assertEquals(isMention(event({}), "ann"), true);
  assertEquals(isMention(event({ kind: "action" }), "ann"), true);
  assertEquals(isMention(event({ kind: "log" }), "ann"), false);
  assertEquals(isMention(event({ from: "Ann" }), "ann"), false);
});

Deno.test("nameHue() ignores the case of a name, and uses all hues", () => {
  assertEquals(nameHue("Ann"), nameHue("ann"));
  assertEquals(nameHue("ａｎｎ"), nameHue("ann"));
  const used = new Set(Array.from({ length: 500 }, (_, number) => nameHue(`user${number}`)));
  assertEquals(used.size, HUES);
});

Deno.test("formattedText() finds links and mentions in what is formatted, and none in code", () => {
  const shown = formattedText("**see https://a.example/** *ann*, #2\n```\nann #1\n```\n`ann` a*b", {
    name: "ann",
    lastSeq: 5,
  }).map((piece) =>
    piece.type === "run"
      ? `${piece.isBold ? "b" : ""}${piece.isItalic ? "i" : ""}[${
        piece.parts.map(({ type, text }) => type === "text" ? text : `${type}(${text})`).join("")
      }]`
      : `${piece.type}(${piece.text})`
  );
  assertEquals(shown, [
    "b[see link(https://a.example/)]",
    "[ ]",
    "i[mention(ann)]",
    "[, event(#2)]",
    "block(ann #1)",
    "code(ann)",
    "[ a*b]",
  ]);
});

Deno.test("unformatted() is one line without signs, whether the fences still are lines or not", () => {
  const lines = ["the **cleanup** on *db-2*, `db-3`:", "```sh", "df  -h", "```", "2*3*4 and *.ts"];
  const expected = "the cleanup on db-2, db-3: df -h 2*3*4 and *.ts";
  assertEquals(unformatted(lines.join("\n")), expected);
  assertEquals(unformatted("the **cleanup**: ``` df -h ```"), "the cleanup: df -h");
  assertEquals(unformatted("a\u0007b"), "a␇b");
});
