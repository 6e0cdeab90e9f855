import { assertEquals, assertStrictEquals } from "@std/assert";
import { type CutLine, LineLimit } from "../../lib/codec/line_limit.ts";
import { SeededRandom } from "../support/random.ts";

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder("utf-8", { fatal: true });
const LF = 0x0a;
const CR = 0x0d;

interface Outcome {
  readonly kept: number[];
  readonly cuts: readonly CutLine[];
  readonly lines: number;
}

/** The whole output of a limit for its input, including the end. */
function limit(maxBytes: number, chunks: readonly Uint8Array[]): Outcome {
  const limit = new LineLimit(maxBytes);
  let lines = 0;
  const kept: number[] = [];
  for (const chunk of chunks) {
    const passed = [...limit.apply(chunk, lines)];
    kept.length -= limit.takeRetracted();
    lines += passed.filter((byte) => byte === LF).length;
    kept.push(...passed);
  }
  limit.finish(lines);
  if (kept.length > 0 && kept.at(-1) !== LF) lines++;
  return { kept, cuts: limit.cuts, lines };
}

function limitText(maxBytes: number, text: string): { text: string; cuts: readonly CutLine[] } {
  const { kept, cuts } = limit(maxBytes, [encoder.encode(text)]);
  return { text: strictDecoder.decode(Uint8Array.from(kept)), cuts };
}

function inPieces(bytes: Uint8Array, sizeOf: () => number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + sizeOf();
    pieces.push(bytes.slice(at, end));
    at = end;
  }
  return pieces;
}

/** The start of the character that the byte at `at` continues; `at` if it starts one itself. */
function startOfCharacter(line: readonly number[], at: number): number {
  const lead = [1, 2, 3].map((back) => at - back).find((index) => line[index] >> 6 !== 0b10) ?? at;
  const length = line[lead] >= 0xf0 ? 4 : line[lead] >= 0xe0 ? 3 : line[lead] >= 0xc0 ? 2 : 1;
  return lead + length > at ? lead : at;
}

/** The same, computed from whole lines, which the limit never sees. */
function expectedOutcome(maxBytes: number, bytes: readonly number[]): Outcome {
  const kept: number[] = [];
  const cuts: CutLine[] = [];
  let start = 0;
  let lines = 0;
  for (; start < bytes.length; lines++) {
    const newline = bytes.indexOf(LF, start);
    const line = bytes.slice(start, newline === -1 ? bytes.length : newline);
    const end = line[maxBytes] >> 6 === 0b10
      ? startOfCharacter(line, maxBytes)
      : Math.min(line.length, maxBytes);
    const endsInCr = line.at(-1) === CR && end < line.length;
    const cut = line.length - end - (endsInCr ? 1 : 0);
    if (cut > 0) cuts.push({ line: lines, bytes: cut });
    kept.push(...line.slice(0, end), ...(newline === -1 ? [] : [LF]));
    start += line.length + 1;
  }
  return { kept, cuts, lines };
}

Deno.test("LineLimit.apply() passes a line of exactly the limit", () => {
  const limit = new LineLimit(4);
  const chunk = encoder.encode("abcd\nab\n\nabcd\n");

  assertStrictEquals(limit.apply(chunk, 0), chunk);
  assertEquals(limit.cuts, []);
});

Deno.test("LineLimit.apply() cuts a line of one byte more", () => {
  assertEquals(limitText(4, "abcde\nxy\n"), {
    text: "abcd\nxy\n",
    cuts: [{ line: 0, bytes: 1 }],
  });
});

Deno.test("LineLimit.apply() does not count the CR of a CR LF", () => {
  const whole = limitText(4, "abcd\r\nabc\r\n");
  assertEquals(whole.text.replaceAll("\r", ""), "abcd\nabc\n");
  assertEquals(whole.cuts, []);

  const cut = limitText(4, "abcde\r\n");
  assertEquals(cut, { text: "abcd\n", cuts: [{ line: 0, bytes: 1 }] });
});

Deno.test("LineLimit.apply() counts a CR within a line", () => {
  assertEquals(limitText(4, "ab\rcd\n"), { text: "ab\rc\n", cuts: [{ line: 0, bytes: 1 }] });
  assertEquals(limitText(4, "abcd\r\r\n"), { text: "abcd\n", cuts: [{ line: 0, bytes: 1 }] });
});

Deno.test("LineLimit.apply() never makes a line of the bytes it cut off", () => {
  const { text, cuts } = limitText(4, `abcd${"/quit ".repeat(1000)}\nxy\n`);

  assertEquals(text, "abcd\nxy\n");
  assertEquals(cuts, [{ line: 0, bytes: 6000 }]);
});

Deno.test("LineLimit.apply() tells which lines it cut", () => {
  assertEquals(limitText(2, "ab\nabc\n\nab\nabcdefg\nabcd").cuts, [
    { line: 1, bytes: 1 },
    { line: 4, bytes: 5 },
    { line: 5, bytes: 2 },
  ]);
});

Deno.test("LineLimit.apply() drops the whole character that ends past the limit", () => {
  for (const character of ["é", "€", "😀"]) {
    const size = encoder.encode(character).length;
    for (let before = 0; before <= 8; before++) {
      const line = "a".repeat(before) + character + "bcdefgh";
      const { text, cuts } = limitText(8, `${line}\n`); // throws where a character is halved

      const kept = encoder.encode(text).length - 1;
      assertEquals(text, `${line.slice(0, text.length - 1)}\n`);
      assertEquals(kept, before + size > 8 ? before : 8, line);
      assertEquals(cuts, [{ line: 0, bytes: before + size + 7 - kept }], line);
    }
  }
});

Deno.test("LineLimit.apply() is not misled by bytes that only look like the rest of a character", () => {
  const { kept, cuts } = limit(4, [
    Uint8Array.from([...encoder.encode("abcd"), ...Array(50).fill(0x80), LF]),
  ]);

  assertEquals(kept.length, 4 + 1);
  assertEquals(cuts, [{ line: 0, bytes: 50 }]);
});

Deno.test("LineLimit.apply() does the same wherever its input is split", () => {
  const input = encoder.encode(
    "abc\r\n€€€€\r\n\r\nabcdefg\r\nabcde😀f\nabcdef\r\r\nabcdef\n\n123456789",
  );
  const expected = limit(6, [input]);
  assertEquals(expected.cuts.length, 5);

  for (let at = 0; at <= input.length; at++) {
    assertEquals(limit(6, [input.slice(0, at), input.slice(at)]), expected, `cut at ${at}`);
  }
  assertEquals(limit(6, inPieces(input, () => 1)), expected);
});

Deno.test("LineLimit.apply() cuts random bytes in random pieces as it cuts whole lines", () => {
  const parts = ["a", "b", "é", "€", "😀", "\r", "\n", "\r\n", "abcdefgh"].map((part) =>
    encoder.encode(part)
  );
  for (let seed = 0; seed < 500; seed++) {
    const random = new SeededRandom(seed);
    const maxBytes = random.int(12) + 4; // at least one character
    const input = Uint8Array.from(
      Array.from(
        { length: random.int(60) },
        () => random.int(8) === 0 ? [0x80 + random.int(128)] : [...random.pick(parts)],
      ).flat(),
    );
    const pieces = inPieces(input, () => 1 + random.int(9));

    assertEquals(limit(maxBytes, pieces), expectedOutcome(maxBytes, [...input]), `seed ${seed}`);
  }
});

Deno.test("LineLimit.apply() keeps only the start of an endless line", () => {
  const limit = new LineLimit(4096);
  const chunk = new Uint8Array(64 * 1024).fill(0x61);

  assertEquals(limit.apply(chunk, 0).length, 4096);
  for (let count = 1; count < 1024; count++) assertEquals(limit.apply(chunk, 0).length, 0);
  assertEquals(limit.apply(encoder.encode("x\nnext\n"), 0), encoder.encode("\nnext\n"));

  assertEquals(limit.cuts, [{ line: 0, bytes: 64 * 1024 * 1024 - 4096 + 1 }]);
});

Deno.test("LineLimit.finish() checks a last line without a newline", () => {
  const limit = new LineLimit(4);
  limit.apply(encoder.encode("ab\nabcdef"), 0);
  assertEquals(limit.cuts.length, 0);

  limit.finish(1);
  limit.finish(2);

  assertEquals(limit.cuts, [{ line: 1, bytes: 2 }]);
});

Deno.test("LineLimit.finish() counts no line after a newline or without input", () => {
  assertEquals(limit(4, []).lines, 0);
  assertEquals(limit(4, [encoder.encode("ab\n"), new Uint8Array()]).lines, 1);
});
