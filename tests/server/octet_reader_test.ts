import { assertEquals } from "@std/assert";
import { DetectingReader } from "../../lib/server/detecting_reader.ts";
import type { LineInput } from "../../lib/server/framing.ts";
import { LineReader, LineStreamPool } from "../../lib/server/framing.ts";
import { OctetReader } from "../../lib/server/octet_reader.ts";
import { nextTurn } from "../support/fake_clock.ts";

const encoder = new TextEncoder();

/** Chunks as a transport gives them: all in one buffer, so that each lasts until the next. */
async function* inOneBuffer(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(64 * 1024);
  for (const chunk of chunks) {
    buffer.set(chunk);
    yield buffer.subarray(0, chunk.length);
    buffer.fill(0x21);
  }
}

const OPTIONS = {
  filter: (chunk: Uint8Array) => chunk,
  maxLineBytes: 20,
  streams: new LineStreamPool(),
};

function octets(chunks: Iterable<Uint8Array>): OctetReader {
  return new OctetReader(inOneBuffer(chunks), OPTIONS);
}

/** A reader that finds out, and what it found. */
function detecting(chunks: Iterable<Uint8Array>) {
  const found: boolean[] = [];
  const reader = new DetectingReader(inOneBuffer(chunks), (bytes, isOctetCounted) => {
    found.push(isOctetCounted);
    return isOctetCounted ? new OctetReader(bytes, OPTIONS) : new LineReader(bytes, OPTIONS);
  });
  return { reader, found };
}

/** All lines, each with what was done to it if anything was. */
async function readAll(reader: LineInput): Promise<unknown[]> {
  const lines: unknown[] = [];
  for (;;) {
    const { value, done } = await reader.next();
    if (done) return lines;
    lines.push(reader.damage ? [value, reader.damage] : value);
  }
}

/** The input in one piece, in two cut anywhere, and byte by byte. */
function* cuts(input: Uint8Array): Generator<Uint8Array[]> {
  yield [input];
  for (let at = 1; at < input.length; at++) yield [input.slice(0, at), input.slice(at)];
  yield Array.from(input, (byte) => Uint8Array.of(byte));
}

const COUNTED = Uint8Array.of(
  ...encoder.encode("10 <13>dréi x5 a\nb\n7 hello\r\n3 ok\r"),
  ...encoder.encode("4 \uff1d"),
  0xff,
  ...encoder.encode("25 123456789012345678901234530 cut"),
);
const MESSAGES = [
  "<13>dréi ",
  "x5 a",
  "b",
  "hello",
  "ok",
  ["\uff1d\ufffd", { cutBytes: 0, repairs: 1 }],
  ["12345678901234567890", { cutBytes: 5, repairs: 0 }],
  ["cut", { cutBytes: 0, repairs: 0, missingBytes: 27 }],
];

Deno.test("OctetReader.next() gives the same messages wherever the bytes are cut", async () => {
  for (const chunks of cuts(COUNTED)) {
    assertEquals(await readAll(octets(chunks)), MESSAGES, `${chunks.map(({ length }) => length)}`);
  }
});

Deno.test("OctetReader.gather() gives all messages that came together", async () => {
  const reader = octets([encoder.encode("1 a1 b1 c"), Uint8Array.of(50, 32, 255, 97, 49, 32, 98)]);
  await reader.next();
  const { value } = await reader.next();
  assertEquals(await reader.gather(value), { lines: ["b", "c"], damage: undefined });
  const next = await reader.next();
  const { lines, damage } = await reader.gather(next.value);
  assertEquals([lines, [...damage!]], [["\ufffda", "b"], [[0, { cutBytes: 0, repairs: 1 }]]]);
  assertEquals((await reader.next()).done, true);
  assertEquals((await reader.next()).done, true);
});

Deno.test("OctetReader.discard() reads to the end and makes no messages", async () => {
  const reader = octets([encoder.encode("1 a1 b"), encoder.encode("1 c")]);
  await reader.discard();
  assertEquals((await reader.next()).value, undefined);
});

Deno.test("DetectingReader knows messages that are counted, wherever the bytes are cut", async () => {
  const input = encoder.encode("9 <13>hello5 again");
  for (const chunks of cuts(input)) {
    const { reader, found } = detecting(chunks);
    assertEquals(await readAll(reader), ["<13>hello", "again"]);
    assertEquals(found, [true]);
  }
});

Deno.test("DetectingReader takes everything else for lines, wherever the bytes are cut", async () => {
  for (const text of ["hello\nworld", "9 lives\n", "<13>x\n", "12", "", "9 <1234>\n", "\n\n"]) {
    for (const chunks of cuts(encoder.encode(text))) {
      const { reader, found } = detecting(chunks);
      const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
      assertEquals(await readAll(reader), lines);
      assertEquals(found, [false]);
    }
  }
});

Deno.test("DetectingReader waits for the peer while it does not know, and discards what it has not read", async () => {
  let release = () => {};
  async function* slow() {
    yield encoder.encode("9 <");
    await new Promise<void>((resolve) => release = resolve);
    yield encoder.encode("13>hello");
  }
  const reader = new DetectingReader(slow(), (bytes) => new OctetReader(bytes, OPTIONS));
  assertEquals(reader.isWaiting, false);
  const first = reader.next();
  await nextTurn();
  assertEquals(reader.isWaiting, true);
  release();
  assertEquals((await first).value, "<13>hello");

  const other = detecting([encoder.encode("a\n"), encoder.encode("b\n")]).reader;
  await other.discard();
  assertEquals((await other.next()).done, true);
});
