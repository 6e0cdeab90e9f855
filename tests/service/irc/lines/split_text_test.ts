import { assertEquals, assertThrows } from "@std/assert";
import { splitText } from "../../../../lib/service/irc/lines/split_text.ts";
import { SeededRandom } from "../../../support/random.ts";
import { rounds } from "../../../support/rounds.ts";

Deno.test("splitText() leaves a text that fits as it is", () => {
  assertEquals(splitText("", 10), [""]);
  assertEquals(splitText("0123456789", 10), ["0123456789"]);
});

Deno.test("splitText() cuts after a space where a piece is nearly full", () => {
  assertEquals(splitText("one two three four", 10), ["one two ", "three four"]);
});

Deno.test("splitText() cuts a word that is longer than a piece", () => {
  assertEquals(splitText("abcdefghijklmno", 6), ["abcdef", "ghijkl", "mno"]);
});

Deno.test("splitText() never cuts a character as people see it", () => {
  assertEquals(splitText("üüüüü", 5), ["üü", "üü", "ü"]);
  assertEquals(splitText("abc\u{1f600}d", 6), ["abc", "\u{1f600}d"]);
  // A letter and its accent, in two code points.
  assertEquals(splitText("abcde\u0301f", 5), ["abcd", "e\u0301f"]);
  // A family: three people, joined.
  const family = "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}";
  assertEquals(splitText(`hello ${family}`, 20), ["hello ", family]);
});

Deno.test("splitText() cuts a character with marks without end between two of them", () => {
  const text = "e" + "\u0301".repeat(20);
  const pieces = splitText(text, 11);
  assertEquals(pieces.join(""), text);
  assertEquals(pieces.map((piece) => piece.length), [6, 5, 5, 5]);
});

Deno.test("splitText() fits any text into pieces, and loses nothing", () => {
  const random = new SeededRandom(7);
  const letters = ["a", "b", " ", "ü", "\u4e2d", "\u{1f600}", "\u0301", "\u200d"];
  for (let round = 0; round < rounds(5000, 100_000); round++) {
    const text = Array.from({ length: random.int(60) }, () => random.pick(letters)).join("");
    const maxBytes = 4 + random.int(30);
    const pieces = splitText(text, maxBytes);
    const sizes = pieces.map((piece) => new TextEncoder().encode(piece).length);
    const isGood = pieces.join("") === text && sizes.every((size) => size <= maxBytes) &&
      pieces.every((piece) => piece.isWellFormed()) &&
      (text === "" || sizes.every((size) => size > 0));
    if (!isGood) assertEquals(pieces, [], `${JSON.stringify(text)} in ${maxBytes}`);
  }
});

Deno.test("splitText() refuses pieces that cannot hold a character", () => {
  assertThrows(() => splitText("a", 3), RangeError);
});
