import { assertEquals, assertThrows } from "@std/assert";
import { DomainError } from "../../../lib/domain/domain_error.ts";
import {
  countLines,
  DEFAULT_BLOCK_LIMITS,
  excessOf,
  isBlock,
  linesOf,
  onOneLine,
  requireFitting,
  toBody,
} from "../../../lib/domain/text/block.ts";

Deno.test("toBody() has one kind of line end, and no blank lines at the end", () => {
  for (
    const [text, body] of [
      ["one  ", "one  "],
      ["one\rtwo\r", "one\rtwo\r"],
      ["one\r\ntwo\u2028three\u2029four", "one\ntwo\nthree\nfour"],
      ["\n\none\n \ntwo  \n \t\n\n", "\n\none\n \ntwo  "],
      ["one\n", "one"],
      ["\n \n\t", ""],
      ["\u2028", ""],
      ["", ""],
    ]
  ) {
    assertEquals(toBody(text), body);
    assertEquals(toBody(body), body);
  }
});

Deno.test("linesOf() finds the lines of a block, also of one that an earlier version stored", () => {
  assertEquals(linesOf("one"), ["one"]);
  assertEquals(linesOf("one\n\ntwo"), ["one", "", "two"]);
  assertEquals(linesOf("one\u2028two"), ["one", "two"]);
  assertEquals([isBlock("one"), isBlock("one\ntwo")], [false, true]);
  assertEquals([countLines("one"), countLines("\n\n")], [1, 3]);
  assertEquals(onOneLine("one\ntwo\u2028three"), "one / two / three");
});

Deno.test("requireFitting() counts bytes of UTF-8 and lines", () => {
  const limits = { bytes: 12, lines: 3 };
  for (const body of ["", "x".repeat(12), "é".repeat(6), "a\nb\nc"]) requireFitting(body, limits);
  assertEquals(
    excessOf("é".repeat(7), limits),
    "A message may have up to 12 bytes; this one has 14.",
  );
  const error = assertThrows(() => requireFitting("a\nb\n\nc", limits), DomainError);
  assertEquals([error.code, error.message], [
    "too-long",
    "A message may have up to 3 lines; this one has 4. Send it in parts.",
  ]);
  requireFitting(Array(200).fill("x").join("\n"), DEFAULT_BLOCK_LIMITS);
});
