import { concat } from "@std/bytes/concat";
import { assertEquals } from "@std/assert";
import { LineEraser } from "../../lib/codec/line_eraser.ts";

/** Checks a text whole, and split at every byte; `|` precedes the unfinished line. */
function check(text: string, expected: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at <= bytes.length; at++) {
    const eraser = new LineEraser(10);
    const lines = [bytes.subarray(0, at), bytes.subarray(at)].map((part) => eraser.feed(part));
    const decode = (part: Uint8Array) => new TextDecoder().decode(part);
    assertEquals(`${decode(concat(lines))}|${decode(eraser.end())}`, expected, `cut at ${at}`);
  }
}

Deno.test("LineEraser erases characters and lines, but no finished line", () => {
  check("abX\x7fc\r\nnext", "abc\r\n|next");
  check("ö你🎉\x08\x7fx\n", "öx\n|");
  check("one\n\x7f\x7ftwo\n", "one\ntwo\n|");
  check("wrong\x15right\r\n", "right\r\n|");
});

Deno.test("LineEraser holds back no more than its limit", () => {
  check("0123456789abcdef\x7f\n", "0123456789abcde\n|");
  check("0123456789a\x7f\n", "0123456789a\n|");
});
