import { assertEquals } from "@std/assert";
import { type LineDamage, LineDecoder } from "../../lib/codec/line_decoder.ts";

const encoder = new TextEncoder();

/** All lines and their damage, read as the owner of a decoder does. */
function decode(maxLineBytes: number, chunks: readonly Uint8Array[]): [string, LineDamage?][] {
  const decoder = new LineDecoder(maxLineBytes);
  const lines: [string, LineDamage?][] = [];
  let rest = "";
  const take = (text: string) => {
    const complete = (rest + text).split("\n");
    rest = complete.pop()!;
    const damage = decoder.takeDamage(complete.length);
    complete.forEach((line, index) => {
      const own = damage?.get(index);
      lines.push(own ? [line, own] : [line]);
    });
  };
  for (const chunk of chunks) take(decoder.decode(chunk));
  rest += decoder.finish();
  if (rest !== "") take("\n");
  return lines;
}

Deno.test("LineDecoder reports what it changed in which line, wherever the input is split", () => {
  const input = Uint8Array.of(
    ...encoder.encode("fine\n1234567€\n"),
    0xff,
    ...encoder.encode("a\n\n12345678"),
    0xfe,
    ...encoder.encode("9\nlast "),
    0xe2,
    0x82,
  );
  const expected: [string, LineDamage?][] = [
    ["fine"],
    ["1234567€"],
    ["\ufffda", { cutBytes: 0, repairs: 1 }],
    [""],
    ["12345678", { cutBytes: 2, repairs: 0 }],
    ["last \ufffd", { cutBytes: 0, repairs: 1 }],
  ];
  assertEquals(decode(8, [input]), expected);
  for (let at = 1; at < input.length; at++) {
    assertEquals(decode(8, [input.slice(0, at), input.slice(at)]), expected, `cut at ${at}`);
  }
  assertEquals(decode(8, Array.from(input, (byte) => Uint8Array.of(byte))), expected);
});
