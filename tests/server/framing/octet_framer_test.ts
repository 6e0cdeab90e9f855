import { systemClock } from "../../../lib/clock.ts";
import { FairBudget } from "../../../lib/server/fairness/fair_budget.ts";
import { assertEquals } from "@std/assert";
import { AutoFramer } from "../../../lib/server/framing/auto_framer.ts";
import type { Framer } from "../../../lib/server/framing/framer.ts";
import { LineCursor } from "../../../lib/server/framing/line_cursor.ts";
import { LineFramer, LineSplitter } from "../../../lib/server/framing/line_framer.ts";
import { OctetFramer } from "../../../lib/server/framing/octet_framer.ts";
import { nextTurn } from "../../support/fake_clock.ts";

const encoder = new TextEncoder();

/** Chunks as a transport returns them: in one buffer, so each is only valid until the next. */
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
  splitter: new LineSplitter(),
};

function octets(chunks: Iterable<Uint8Array>): OctetFramer {
  return new OctetFramer(inOneBuffer(chunks), OPTIONS);
}

/** A framer that detects the framing, and what it detected. */
function detecting(chunks: Iterable<Uint8Array>) {
  const found: boolean[] = [];
  const framer = new AutoFramer(inOneBuffer(chunks), (bytes, isOctetCounted) => {
    found.push(isOctetCounted);
    return isOctetCounted ? new OctetFramer(bytes, OPTIONS) : new LineFramer(bytes, OPTIONS);
  });
  return { framer, found };
}

/** All lines, each with its damage, if any. */
async function readAll(framer: Framer): Promise<unknown[]> {
  const cursor = new LineCursor(framer, {
    clock: systemClock,
    work: new FairBudget({ clock: systemClock }).account(),
  });
  const lines: unknown[] = [];
  for (;;) {
    const { value, done } = await cursor.next();
    if (done) return lines;
    lines.push(cursor.damage ? [value, cursor.damage] : value);
  }
}

/** The input in one piece, in any two pieces, and byte by byte. */
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

Deno.test("OctetFramer.read() returns the same messages wherever the bytes are split", async () => {
  for (const chunks of cuts(COUNTED)) {
    assertEquals(await readAll(octets(chunks)), MESSAGES, `${chunks.map(({ length }) => length)}`);
  }
});

Deno.test("OctetFramer.read() returns all messages that arrived together", async () => {
  const framer = octets([encoder.encode("1 a1 b1 c"), Uint8Array.of(50, 32, 255, 97, 49, 32, 98)]);
  assertEquals(await framer.read(), { lines: ["a", "b", "c"], damage: undefined });
  const { lines, damage } = (await framer.read())!;
  assertEquals([lines, [...damage!]], [["\ufffda", "b"], [[0, { cutBytes: 0, repairs: 1 }]]]);
  assertEquals(await framer.read(), undefined);
  assertEquals(await framer.read(), undefined);
});

Deno.test("OctetFramer.discard() reads to the end and returns no messages", async () => {
  const framer = octets([encoder.encode("1 a1 b"), encoder.encode("1 c")]);
  await framer.discard();
  assertEquals(await framer.read(), undefined);
});

Deno.test("AutoFramer detects octet counting, wherever the bytes are split", async () => {
  const input = encoder.encode("9 <13>hello5 again");
  for (const chunks of cuts(input)) {
    const { framer, found } = detecting(chunks);
    assertEquals(await readAll(framer), ["<13>hello", "again"]);
    assertEquals(found, [true]);
  }
});

Deno.test("AutoFramer takes anything else for lines, wherever the bytes are split", async () => {
  for (const text of ["hello\nworld", "9 lives\n", "<13>x\n", "12", "", "9 <1234>\n", "\n\n"]) {
    for (const chunks of cuts(encoder.encode(text))) {
      const { framer, found } = detecting(chunks);
      const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
      assertEquals(await readAll(framer), lines);
      assertEquals(found, [false]);
    }
  }
});

Deno.test("AutoFramer waits for the peer until it knows, and discards what it has not read", async () => {
  let release = () => {};
  async function* slow() {
    yield encoder.encode("9 <");
    await new Promise<void>((resolve) => release = resolve);
    yield encoder.encode("13>hello");
  }
  const framer = new AutoFramer(slow(), (bytes) => new OctetFramer(bytes, OPTIONS));
  assertEquals(framer.isWaiting, false);
  const first = framer.read();
  await nextTurn();
  assertEquals(framer.isWaiting, true);
  release();
  assertEquals((await first)!.lines, ["<13>hello"]);

  const other = detecting([encoder.encode("a\n"), encoder.encode("b\n")]).framer;
  await other.discard();
  assertEquals(await other.read(), undefined);
});
