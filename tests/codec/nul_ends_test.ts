import { assertEquals, assertStrictEquals } from "@std/assert";
import { NulEnds } from "../../lib/codec/nul_ends.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Translates a text that arrives in chunks of `size` bytes. */
function translate(text: string, size: number): string {
  const ends = new NulEnds();
  const bytes = encoder.encode(text);
  let result = "";
  for (let at = 0; at < bytes.length; at += size) {
    result += decoder.decode(ends.apply(bytes.slice(at, at + size)));
  }
  return result;
}

Deno.test("NulEnds.apply() ends syslog messages, however the bytes are split", () => {
  const cases: [string, string][] = [
    ["<11>one\0<12>myapp[77]: two\0<14>three\0", "<11>one\n<12>myapp[77]: two\n<14>three\n"],
    ["<191>one\0\n<12>two\n", "<191>one\n<12>two\n"],
    ["<1>one\n<2>two\0", "<1>one\n<2>two\n"],
  ];
  for (const [text, expected] of cases) {
    for (const size of [1, 2, 3, 7, 100]) assertEquals(translate(text, size), expected);
  }
});

Deno.test("NulEnds.apply() leaves the NULs of other text alone", () => {
  for (const text of ["plain\0text\n<11>x\0", "<>\0", "<1234>a\0b", "<1a>\0", "\0<1>a"]) {
    for (const size of [1, 3, 100]) assertEquals(translate(text, size), text);
  }
});

Deno.test("NulEnds.apply() copies nothing if there is no NUL", () => {
  const chunk = encoder.encode("<11>one\n");
  assertStrictEquals(new NulEnds().apply(chunk), chunk);
});
