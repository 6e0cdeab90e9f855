import { assertEquals } from "@std/assert";
import {
  encodeRawText,
  escapedByte,
  rawTextBytes,
  withoutRawBytes,
} from "../../lib/codec/raw_text.ts";
import { Utf8Collector } from "../../lib/codec/utf8_collector.ts";
import { SeededRandom } from "../support/random.ts";

Deno.test("encodeRawText() returns UTF-8, and the escaped bytes unchanged", () => {
  assertEquals([...encodeRawText("aé你🎉")], [...new TextEncoder().encode("aé你🎉")]);
  assertEquals([...encodeRawText(`a${escapedByte(0xff)}b${escapedByte(0x80)}`)], [
    ...[0x61, 0xff, 0x62, 0x80],
  ]);
  assertEquals([...encodeRawText("")], []);
});

Deno.test("encodeRawText() restores any bytes that Utf8Collector took", () => {
  for (let seed = 1; seed <= 2000; seed++) {
    const random = new SeededRandom(seed);
    const valid = new TextEncoder().encode(random.pick(["é", "你好", "🎉", "plain"]));
    const bytes = [...random.bytes(random.int(8)), ...valid, ...random.bytes(random.int(8))];
    const collector = new Utf8Collector();
    const text = bytes.map((byte) => collector.push(byte)).join("") + collector.finish();
    assertEquals([...encodeRawText(text)], bytes, `seed ${seed}`);
    assertEquals(rawTextBytes(text), bytes.length, `seed ${seed}`);
    // Its writer sees it like everybody else.
    assertEquals(
      withoutRawBytes(text).replaceAll("\ufffd", ""),
      new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes))
        .replaceAll("\ufffd", ""),
      `seed ${seed}`,
    );
  }
});

Deno.test("withoutRawBytes() shows U+FFFD for invalid bytes, and keeps pairs", () => {
  assertEquals(withoutRawBytes(`a${escapedByte(0xff)}🎉b`), "a\ufffd🎉b");
});
