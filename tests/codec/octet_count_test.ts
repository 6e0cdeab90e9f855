import { assertEquals } from "@std/assert";
import { countsOctets } from "../../lib/codec/octet_count.ts";

const encoder = new TextEncoder();

Deno.test("countsOctets() recognises a stream by its first message", () => {
  const cases: [string, boolean | undefined][] = [
    ["92 <13>1 ...", true],
    ["9999999 <191>", true],
    ["<13>1 ...", false],
    ["92 bottles of beer", false],
    ["2026-11-21 06:30:00", false],
    // Invalid counts, but their senders do not end messages with newlines.
    ["012 <13>", true],
    ["12345678 <13>", true],
    ["18446744073709551615 <191>", true],
    ["184467440737095516150 <13>", false],
    ["012 bottles", false],
    ["12345678 files", false],
    ["12 <1234>", false],
    ["12 <>", false],
    ["hello", false],
    ["\n", false],
    ["", undefined],
    ["9", undefined],
    ["9999999 <191", undefined],
    ["18446744073709551615 <191", undefined],
  ];
  for (const [text, expected] of cases) {
    const bytes = encoder.encode(text);
    assertEquals(countsOctets(bytes), expected, text);
    // With fewer bytes it never gives an answer that turns out to be wrong.
    for (let length = 0; length < bytes.length; length++) {
      const early = countsOctets(bytes.subarray(0, length));
      if (early !== undefined) assertEquals(early, expected, `${text} up to ${length}`);
    }
  }
});
