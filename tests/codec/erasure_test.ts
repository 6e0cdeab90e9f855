import { assertEquals } from "@std/assert";
import { applyErasures, erasuresAsKeys, type PlacedErasure } from "../../lib/codec/erasure.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Takes `<` for Erase Character and `^` for Erase Line. */
function place(text: string): { data: Uint8Array; erasures: PlacedErasure[] } {
  const erasures: PlacedErasure[] = [];
  let plain = "";
  for (const character of text) {
    const at = encoder.encode(plain).length;
    if (character === "<") erasures.push({ what: "character", at });
    else if (character === "^") erasures.push({ what: "line", at });
    else plain += character;
  }
  return { data: encoder.encode(plain), erasures };
}

/** What is left, behind what is to be erased before it. */
function apply(text: string): string {
  const { data, erasures } = place(text);
  let before = "";
  const left = applyErasures(data, erasures, (what) => before += what === "line" ? "^" : "<");
  return before + decoder.decode(left);
}

Deno.test("applyErasures() erases characters and lines, but no finished line", () => {
  assertEquals(apply("abX<c"), "abc");
  assertEquals(apply("aé<👍<b"), "ab");
  assertEquals(apply("wrong^right\n"), "^right\n");
  assertEquals(apply("one\ntw<<<<^three"), "one\nthree");
  assertEquals(apply("one\nX^\n<two"), "one\n\ntwo");
  assertEquals(apply("plain"), "plain");
});

Deno.test("applyErasures() reports what is to be erased before the chunk", () => {
  assertEquals(apply("<a"), "<a");
  assertEquals(apply("ab<<<<c"), "<<c");
  assertEquals(apply("a^b"), "^b");
  // The second half of a character whose first half came before.
  const left = applyErasures(Uint8Array.of(0xa9, 0x61), [{ what: "character", at: 1 }], () => {});
  assertEquals([...left], [0x61]);
});

Deno.test("erasuresAsKeys() puts the keys of a line editor in their places", () => {
  const { data, erasures } = place("ab<c^d<");
  assertEquals(decoder.decode(erasuresAsKeys(data, erasures)), "ab\x7fc\x15d\x7f");
});
