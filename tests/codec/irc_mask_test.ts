import { assertEquals } from "@std/assert";
import { hasWildcards, matchesMask } from "../../lib/codec/irc_mask.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds } from "../support/rounds.ts";

Deno.test("matchesMask() takes * for any text, and ? for one character", () => {
  const matching = [
    ["", ""],
    ["*", ""],
    ["*", "anything"],
    ["a*c", "ac"],
    ["a*c", "abcbc"],
    ["?", "ü"],
    ["?", "\u{1f600}"],
    ["*?", "\u{1f600}"],
    ["*!*@*.example.com", "ann!~ann@host.example.com"],
    ["a.c", "a.c"],
    ["**a**", "a"],
  ];
  const others = [
    ["", "a"],
    ["a", ""],
    ["?", ""],
    ["??", "\u{1f600}"],
    ["a*c", "abcb"],
    ["a.c", "abc"],
    ["[a]", "a"],
    ["A", "a"],
  ];
  for (const [mask, text] of matching) assertEquals(matchesMask(mask, text), true, mask);
  for (const [mask, text] of others) assertEquals(matchesMask(mask, text), false, mask);
});

Deno.test("matchesMask() agrees with a regular expression on short texts", () => {
  const random = new SeededRandom(5);
  const word = (letters: readonly string[], most: number) =>
    Array.from({ length: random.int(most) }, () => random.pick(letters)).join("");
  for (let round = 0; round < rounds(20_000, 500_000); round++) {
    const mask = word(["a", "b", "*", "?", "\u{1f600}"], 7);
    const text = word(["a", "b", "\u{1f600}"], 9);
    const pattern = new RegExp(`^${mask.replaceAll("*", ".*").replaceAll("?", ".")}$`, "u");
    if (matchesMask(mask, text) !== pattern.test(text)) {
      assertEquals(matchesMask(mask, text), pattern.test(text), `${mask} on ${text}`);
    }
  }
});

Deno.test("matchesMask() takes at most the product of the lengths, even for hostile masks", () => {
  const started = performance.now();
  // A regular expression made from this mask would not end before the sun does.
  assertEquals(matchesMask("*a".repeat(200) + "b", "a".repeat(500)), false);
  const ms = performance.now() - started;
  assertEquals(ms < 1000, true, `${ms} ms`);
});

Deno.test("hasWildcards() tells masks from plain names", () => {
  assertEquals(["a*", "?", "a.b"].map(hasWildcards), [true, true, false]);
});
