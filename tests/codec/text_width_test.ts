import { assert, assertEquals } from "@std/assert";
import {
  graphemeBoundary,
  graphemeEnd,
  graphemes,
  graphemeStart,
} from "../../lib/codec/grapheme.ts";
import { graphemeWidth, textWidth } from "../../lib/codec/text_width.ts";
import { SeededRandom } from "../support/random.ts";

const FAMILY = "👨‍👩‍👧";
const ALPHABET = [
  "a",
  " ",
  "é",
  "e\u0301",
  "你",
  "한",
  "🎉",
  FAMILY,
  "🇩🇪",
  "👍🏽",
  "ก็",
  "\r\n",
  "\x1b",
];

Deno.test("graphemes() keeps a user-perceived character in one piece", () => {
  assertEquals(graphemes(`ae\u0301${FAMILY}🇩🇪b`), ["a", "e\u0301", FAMILY, "🇩🇪", "b"]);
  assertEquals(graphemes("plain"), ["p", "l", "a", "i", "n"]);
  assertEquals(graphemes("a\r\nb"), ["a", "\r\n", "b"]);
  assertEquals(graphemes(""), []);
});

Deno.test("graphemeStart(), graphemeEnd() and graphemeBoundary() agree with graphemes()", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = new SeededRandom(seed);
    const text = Array.from({ length: random.int(12) }, () => random.pick(ALPHABET)).join("");
    const ends = [0];
    for (const grapheme of graphemes(text)) ends.push(ends.at(-1)! + grapheme.length);
    for (let index = 0; index <= text.length; index++) {
      const context = `${JSON.stringify(text)} at ${index}`;
      const boundary = ends.find((end) => end >= index);
      assertEquals(graphemeBoundary(text, index), boundary, context);
      const before = ends.findLast((end) => end < index) ?? 0;
      assertEquals(graphemeStart(text, index), before, context);
      const after = ends.find((end) => end > index) ?? text.length;
      assertEquals(graphemeEnd(text, index), after, context);
    }
  }
});

Deno.test("graphemeWidth() is certain of letters, and of Chinese, Japanese and Korean", () => {
  for (const one of ["a", "~", "é", "e\u0301", "ß", "я", "λ", "ש"]) {
    assertEquals(graphemeWidth(one), { columns: 1, most: 1, isCertain: true }, one);
  }
  for (const two of ["你", "あ", "ア", "한", "！"]) {
    assertEquals(graphemeWidth(two), { columns: 2, most: 2, isCertain: true }, two);
  }
});

Deno.test("graphemeWidth() is uncertain where terminals disagree, and says how wide it may be", () => {
  assertEquals(graphemeWidth("🎉"), { columns: 2, most: 2, isCertain: false });
  assertEquals(graphemeWidth(FAMILY), { columns: 2, most: 6, isCertain: false });
  assertEquals(graphemeWidth("🇩🇪"), { columns: 2, most: 4, isCertain: false });
  assertEquals(graphemeWidth("“"), { columns: 1, most: 2, isCertain: false });
  assertEquals(graphemeWidth("\u200b"), { columns: 0, most: 0, isCertain: false });
});

Deno.test("graphemeWidth() returns the same the second time, and after thousands of others", () => {
  const first = graphemeWidth("🎉");
  for (let code = 0x4e00; code < 0x4e00 + 5000; code++) {
    assert(graphemeWidth(String.fromCharCode(code)).isCertain);
  }
  assertEquals(graphemeWidth("🎉"), first);
});

Deno.test("textWidth() adds up the widths", () => {
  assertEquals(textWidth(""), 0);
  assertEquals(textWidth("hello"), 5);
  assertEquals(textWidth(`é你${FAMILY}`), 5);
});
