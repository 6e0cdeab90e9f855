import { assertEquals } from "@std/assert";
import { divideText } from "../../../lib/domain/text/block_part.ts";

const LIMITS = { bytes: 12, lines: 3 };

Deno.test("divideText() breaks a text between lines, with as many lines in each part as fit", () => {
  for (
    const [text, ...bodies] of [
      ["one", "one"],
      ["1\n2\n3", "1\n2\n3"],
      ["1\n2\n3\n4", "1\n2\n3", "4"],
      ["12345\n123456\n1", "12345\n123456", "1"],
      ["12345\n1234567", "12345", "1234567"],
      ["é\u2028é\né\né", "é\né\né", "é"],
      ["1\n\n\n\n\n\n\n2\n\n", "1", "\n2"],
      ["\n \n"],
    ]
  ) assertEquals(divideText(text, LIMITS), bodies);
});

Deno.test("divideText() cannot divide a line", () => {
  assertEquals(divideText("one\n1234567890123\ntwo", LIMITS), undefined);
  assertEquals(divideText("é".repeat(6), LIMITS), ["é".repeat(6)]);
  // Composed, a character may have more bytes.
  assertEquals(divideText("\u0958".repeat(3), LIMITS), undefined);
});
