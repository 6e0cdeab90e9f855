import { assertEquals } from "@std/assert";
import { Utf8Decoder } from "../../lib/codec/utf8.ts";
import { SeededRandom } from "../support/random.ts";

const encoder = new TextEncoder();
const LF = 0x0a;

interface Outcome {
  readonly text: string;
  /** The number of repairs in each line that has any. */
  readonly repairs: ReadonlyMap<number, number>;
}

/** Numbers as bytes, text as UTF-8. */
function bytes(...parts: readonly (number | string)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => typeof part === "number" ? [part] : [...encoder.encode(part)]),
  );
}

function decode(chunks: readonly Uint8Array[]): Outcome {
  const decoder = new Utf8Decoder();
  let text = "";
  let line = 0;
  for (const chunk of chunks) {
    text += decoder.decode(chunk, line);
    line += chunk.filter((byte) => byte === LF).length;
  }
  text += decoder.finish(line);
  const repairs = new Map<number, number>();
  for (const { line, count } of decoder.repairs) {
    repairs.set(line, (repairs.get(line) ?? 0) + count);
  }
  return { text, repairs };
}

function assertSameInAnyPieces(input: Uint8Array, expected: Outcome, message?: string) {
  for (let at = 0; at <= input.length; at++) {
    const pieces = [input.slice(0, at), input.slice(at)];
    assertEquals(decode(pieces), expected, `${message ?? ""} cut at ${at}`);
  }
  assertEquals(decode([...input].map((byte) => bytes(byte))), expected, message);
}

Deno.test("Utf8Decoder.decode() joins characters wherever they were split", () => {
  const text = "plain, é and ß, €, 漢字, 😀, 👩‍🚀\r\n\u{10ffff}\0 end";
  assertSameInAnyPieces(bytes(text), { text, repairs: new Map() });
});

Deno.test("Utf8Decoder.decode() leaves a byte order mark in the text", () => {
  assertEquals(decode([bytes("\ufeffa"), bytes("\ufeffb")]).text, "\ufeffa\ufeffb");
});

Deno.test("Utf8Decoder.decode() holds back only an incomplete character", () => {
  const decoder = new Utf8Decoder();
  assertEquals(decoder.decode(bytes("ab", 0xe2, 0x82), 0), "ab");
  assertEquals(decoder.decode(bytes(0xac, "c"), 0), "€c");
  assertEquals(decoder.decode(bytes("d", 0x80), 0), "d\ufffd");
});

/** Invalid UTF-8, and the number of U+FFFD that it becomes by the Encoding Standard. */
const BROKEN: readonly (readonly [number, ...number[]])[] = [
  [1, 0xff], // never occurs in UTF-8
  [1, 0x80], // a continuation byte without a start
  [2, 0xc0, 0xaf], // an overlong slash
  [3, 0xe0, 0x80, 0xaf], // the same, even longer
  [3, 0xed, 0xa0, 0x80], // half a surrogate pair
  [4, 0xf4, 0x90, 0x80, 0x80], // past U+10FFFF
  [1, 0xe2, 0x82], // the start of a euro sign
  [1, 0xf0, 0x9f, 0x98], // the start of an emoji
  [2, 0xf0, 0xf0],
  [2, 0xc3, 0xe9],
];

Deno.test("Utf8Decoder.decode() repairs invalid bytes in the same way, however they are split", () => {
  for (const [count, ...broken] of BROKEN) {
    const text = `a${"\ufffd".repeat(count)}b`;
    assertSameInAnyPieces(
      bytes("a", ...broken, "b"),
      { text, repairs: new Map([[0, count]]) },
      `${broken}`,
    );
  }
});

Deno.test("Utf8Decoder.decode() does not count a U+FFFD that was sent as such", () => {
  assertSameInAnyPieces(bytes("a\ufffdb\ufffd\ufffd\n\ufffd"), {
    text: "a\ufffdb\ufffd\ufffd\n\ufffd",
    repairs: new Map(),
  });
});

Deno.test("Utf8Decoder.decode() distinguishes sent U+FFFD from repairs in the same line", () => {
  assertSameInAnyPieces(bytes("\ufffd", 0xff, "\ufffd", 0xef, 0xbf, "x", 0xef), {
    text: "\ufffd\ufffd\ufffd\ufffdx\ufffd",
    repairs: new Map([[0, 3]]),
  });
});

Deno.test("Utf8Decoder.decode() tells which lines it repaired", () => {
  const input = bytes("ok\n", "b", 0xff, "d\n\n\ufffd", 0xff, 0xc3, "\nok\n", 0xe2, 0x82);
  assertSameInAnyPieces(input, {
    text: "ok\nb\ufffdd\n\n\ufffd\ufffd\ufffd\nok\n\ufffd",
    repairs: new Map([[1, 1], [3, 2], [5, 1]]),
  });
});

Deno.test("Utf8Decoder.decode() repairs correctly in random pieces", () => {
  const sound = ["a", "é", "€", "😀", "\ufffd", "\r", "\ufeff"];
  for (let seed = 0; seed < 500; seed++) {
    const random = new SeededRandom(seed);
    const input: (number | string)[] = [];
    const repairs = new Map<number, number>();
    let text = "";
    let line = 0;
    for (let count = random.int(30); count > 0; count--) {
      const [broken, ...brokenBytes] = random.pick(BROKEN);
      const choice = random.int(3);
      // An "a" follows invalid bytes, so that the next part does not complete them.
      const part = choice === 0 ? "\n" : choice === 1 ? random.pick(sound) : "a";
      if (choice === 2) {
        input.push(...brokenBytes);
        text += "\ufffd".repeat(broken);
        repairs.set(line, (repairs.get(line) ?? 0) + broken);
      }
      input.push(part);
      text += part;
      if (part === "\n") line++;
    }
    const chunks: Uint8Array[] = [];
    for (let rest = bytes(...input); rest.length > 0;) {
      const size = 1 + random.int(6);
      chunks.push(rest.slice(0, size));
      rest = rest.slice(size);
    }
    assertEquals(decode(chunks), { text, repairs }, `seed ${seed}`);
  }
});

Deno.test("Utf8Decoder.finish() turns an incomplete character into one U+FFFD", () => {
  const decoder = new Utf8Decoder();
  assertEquals(decoder.decode(bytes("a", 0xf0, 0x9f, 0x98), 7), "a");

  assertEquals(decoder.finish(7), "\ufffd");
  assertEquals(decoder.finish(7), "");
  assertEquals(decoder.repairs, [{ line: 7, count: 1 }]);
});
