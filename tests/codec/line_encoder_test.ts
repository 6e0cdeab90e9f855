import { assertEquals } from "@std/assert";
import { encodeLine } from "../../lib/codec/line_encoder.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

Deno.test("encodeLine() ends a line with CR LF", () => {
  assertEquals(decoder.decode(encodeLine("grüße, 你好 👍")), "grüße, 你好 👍\r\n");
  assertEquals(decoder.decode(encodeLine("")), "\r\n");
});

Deno.test("encodeLine() returns bytes that later lines leave as they are", () => {
  const texts = Array.from({ length: 2000 }, (_, index) => "ä€x"[index % 3].repeat(index % 97));
  const lines = texts.map(encodeLine);
  assertEquals(lines.map((bytes) => decoder.decode(bytes)), texts.map((text) => `${text}\r\n`));
});

Deno.test("encodeLine() takes a line that is longer than its pool", () => {
  const text = "€".repeat(20_000);
  assertEquals(decoder.decode(encodeLine(text)), `${text}\r\n`);
});

Deno.test("encodeLine() replaces half a surrogate pair", () => {
  assertEquals(decoder.decode(encodeLine("a\ud83d")), "a\ufffd\r\n");
});
