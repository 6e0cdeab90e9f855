import { assertEquals } from "@std/assert";
import { Charset } from "../../lib/codec/charset.ts";
import { type LineDamage, LineDecoder } from "../../lib/codec/line_decoder.ts";

const encoder = new TextEncoder();

/** All lines and their damage, read as the owner of a decoder does. */
function decode(
  maxLineBytes: number,
  chunks: readonly Uint8Array[],
  charset?: Charset,
): [string, LineDamage?][] {
  const decoder = new LineDecoder(maxLineBytes, charset);
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
    ["1234567", { cutBytes: 3, repairs: 0 }],
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

Deno.test("LineDecoder cuts no character in two in another encoding, wherever the input is split", () => {
  const input = Uint8Array.of(
    ...encoder.encode("123456€\n1234567€\n"),
    ...Array(9).fill(0xe9),
    0x0a,
  );
  const expected: [string, LineDamage?][] = [
    ["123456", { cutBytes: 3, repairs: 0 }],
    ["1234567", { cutBytes: 3, repairs: 0 }],
    ["éééééééé", { cutBytes: 1, repairs: 0 }],
  ];
  for (let size = 1; size <= input.length; size++) {
    const chunks = Array.from(
      { length: Math.ceil(input.length / size) },
      (_, index) => input.slice(index * size, (index + 1) * size),
    );
    assertEquals(decode(8, chunks, new Charset("latin1")), expected, `pieces of ${size}`);
  }
});

Deno.test("LineDecoder goes on if the beginning of the character at the limit has become U+FFFD", () => {
  const decoder = new LineDecoder(8);
  let text = decoder.decode(Uint8Array.of(...encoder.encode("12345"), 0xf0, 0x61));
  text = decoder.erase("character", text);

  text += decoder.decode(Uint8Array.of(0x9f, 0x98, 0x80, 0x0a));

  assertEquals(text, "12345\ufffd\n");
  assertEquals(decoder.takeDamage(1)?.get(0), { cutBytes: 4, repairs: 1 });
});
