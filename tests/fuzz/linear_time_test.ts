import { assertEquals, assertThrows } from "@std/assert";
import { HttpSyntaxError, parseField, parseHead } from "../../lib/codec/http_head.ts";
import { foldedRun } from "../../lib/domain/search/searchable_text.ts";
import { parseFormatting } from "../../lib/domain/text/formatting.ts";
import { mentionsIn } from "../../lib/domain/text/mention.ts";
import { printedText } from "../../lib/domain/text/printed_text.ts";
import { textParts } from "../../lib/web/page/text_parts.ts";

// Each of these took seconds to minutes with a regular expression that started again at each of the
// repeated characters. There is no time limit here: whoever brings one back will notice.

const MANY = 300_000;
const bytesOf = (text: string) => new TextEncoder().encode(text);

Deno.test("parseField() takes time in proportion to the blanks in a header line", () => {
  const blanks = " \t".repeat(MANY);
  assertThrows(() => parseField(`X:${blanks}\x01`), HttpSyntaxError);
  assertEquals(parseField(`X:${blanks}a${blanks}b${blanks}`), ["X", `a${blanks}b`]);
});

Deno.test("parseHead() takes time in proportion to the blanks in a list", () => {
  const blanks = " ".repeat(MANY);
  const head = (field: string) => bytesOf(`GET / HTTP/1.1\r\nHost: x\r\n${field}\r\n\r\n`);
  assertEquals(parseHead(head(`Connection: a${blanks}b,${blanks}close`), "http").keepsAlive, false);
  assertThrows(() => parseHead(head(`Transfer-Encoding: a${blanks}b`), "http"), HttpSyntaxError);
});

Deno.test("printedText() takes time in proportion to the carriage returns", () => {
  assertEquals(printedText(`${"\r".repeat(MANY)}x\r\r`), "x");
  assertEquals(printedText(`a${"\r".repeat(MANY)}\nb`), "a\nb");
});

Deno.test("foldedRun() takes time in proportion to the carriage returns", () => {
  assertEquals(foldedRun(`"a${"\r".repeat(MANY)}x"`), undefined);
  assertEquals(foldedRun(`"Ab${"\r".repeat(MANY)}"`)?.includes("ab"), true);
});

Deno.test("mentionsIn() takes time in proportion to the full stops", () => {
  assertEquals(mentionsIn(`ann ${".".repeat(MANY)}a ann...`, "ann"), [
    [0, 3],
    [MANY + 6, MANY + 9],
  ]);
});

Deno.test("parseFormatting() takes time in proportion to the signs", () => {
  const many = MANY / 10;
  for (
    const text of [
      "*a ".repeat(many),
      "a* ".repeat(many),
      "*a* ".repeat(many),
      "**a *b ".repeat(many),
      "` ".repeat(many),
      "```\n".repeat(many),
      "```x\n".repeat(many),
      `\`\`\`${" ".repeat(many)}!`,
      Array.from({ length: 700 }, (_, length) => "`".repeat(length)).join(" "),
      "https://x/* ".repeat(many),
      `https://x/${")".repeat(many)}`,
    ]
  ) assertEquals(parseFormatting(text).length > 0, true);
});

Deno.test("textParts() takes time in proportion to the punctuation in a link", () => {
  const parts = textParts(`https://example.org/${".".repeat(MANY)}a`, { name: "ann", lastSeq: 0 });
  assertEquals(parts.some(({ type }) => type === "link"), true);
});
