import { assert, assertEquals, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import { type LineDamage, LineReader, LineStreamPool } from "../../lib/server/framing.ts";
import { SeededRandom } from "../support/random.ts";

const encoder = new TextEncoder();

/** Numbers as they are, text in UTF-8. */
function bytes(...parts: readonly (number | string)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => typeof part === "number" ? [part] : [...encoder.encode(part)]),
  );
}

/** Chunks as a transport gives them: all in one buffer, so that each lasts until the next. */
async function* inOneBuffer(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(64 * 1024);
  for (const chunk of chunks) {
    buffer.set(chunk);
    yield buffer.subarray(0, chunk.length);
    buffer.fill(0x21);
  }
}

interface ReaderSetting {
  readonly filter?: (chunk: Uint8Array) => Uint8Array;
  readonly maxLineBytes?: number;
  readonly streams?: LineStreamPool;
}

function createReader(chunks: Iterable<Uint8Array>, setting: ReaderSetting = {}): LineReader {
  return new LineReader(inOneBuffer(chunks), {
    filter: setting.filter ?? ((chunk) => chunk),
    maxLineBytes: setting.maxLineBytes ?? 4096,
    streams: setting.streams ?? new LineStreamPool(),
  });
}

interface Line {
  readonly text: string;
  readonly damage?: LineDamage;
}

async function readLines(reader: LineReader): Promise<Line[]> {
  const lines: Line[] = [];
  for (;;) {
    const { value, done } = await reader.next();
    if (done) return lines;
    lines.push(reader.damage ? { text: value, damage: reader.damage } : { text: value });
  }
}

async function readText(...parts: readonly string[]): Promise<string[]> {
  const lines = await readLines(createReader(parts.map((part) => bytes(part))));
  assert(lines.every(({ damage }) => damage === undefined));
  return lines.map(({ text }) => text);
}

/** Remembers which streams were borrowed. */
class WatchedPool extends LineStreamPool {
  readonly borrowed: unknown[] = [];

  override borrow(): ReturnType<LineStreamPool["borrow"]> {
    const stream = super.borrow();
    this.borrowed.push(stream);
    return stream;
  }
}

Deno.test("LineReader.next() takes LF and CR LF as the end of a line", async () => {
  assertEquals(await readText("a\r\nb\n\r\n\nc d\r\n"), ["a", "b", "", "", "c d"]);
});

Deno.test("LineReader.next() takes a CR within a line as part of it", async () => {
  assertEquals(await readText("a\rb\n\rc\n"), ["a\rb", "\rc"]);
});

Deno.test("LineReader.next() takes a last line without a newline as a line", async () => {
  assertEquals(await readText("a\nlast"), ["a", "last"]);
  assertEquals(await readText("only"), ["only"]);
  assertEquals(await readText("on", "l", "y"), ["only"]);
});

Deno.test("LineReader.next() makes no line of an end without anything before it", async () => {
  assertEquals(await readText(), []);
  assertEquals(await readText("a\n"), ["a"]);
  assertEquals(await readText("\n"), [""]);
});

Deno.test("LineReader.next() stays at the end once there", async () => {
  for (const text of ["", "a\n", "a"]) {
    const reader = createReader([bytes(text)]);
    await readLines(reader);
    assertEquals(await reader.next(), { value: undefined, done: true });
    assertEquals(await reader.next(), { value: undefined, done: true });
  }
});

Deno.test("LineReader.next() gives the same lines wherever the bytes are cut", async () => {
  const input = bytes(
    "one\r\n\n",
    0xff,
    "€uro 😀\r\n",
    "0123456789\n",
    "\r\né",
    0xc3,
    "\nlast ",
    0xe2,
  );
  const expected = [
    { text: "one" },
    { text: "" },
    { text: "\ufffd€uro 😀", damage: { cutBytes: 0, repairs: 1 } },
    { text: "012345678", damage: { cutBytes: 1, repairs: 0 } },
    { text: "" },
    { text: "é\ufffd", damage: { cutBytes: 0, repairs: 1 } },
    { text: "last \ufffd", damage: { cutBytes: 0, repairs: 1 } },
  ];
  const read = (chunks: Uint8Array[]) => readLines(createReader(chunks, { maxLineBytes: 9 }));

  assertEquals(await read([input]), expected);
  for (let at = 1; at < input.length; at++) {
    assertEquals(await read([input.slice(0, at), input.slice(at)]), expected, `cut at ${at}`);
  }
  assertEquals(await read([...input].map((byte) => bytes(byte))), expected);
});

Deno.test("LineReader.next() gives the lines of random text in random pieces", async () => {
  const streams = new LineStreamPool();
  for (let seed = 0; seed < 100; seed++) {
    const random = new SeededRandom(seed);
    const texts = Array.from(
      { length: random.int(12) },
      () => Array.from({ length: random.int(6) }, () => random.pick([..."abé€😀 "])).join(""),
    );
    let rest = bytes(texts.map((text) => text + random.pick(["\n", "\r\n"])).join(""));
    const chunks: Uint8Array[] = [];
    while (rest.length > 0) {
      const size = 1 + random.int(12);
      chunks.push(rest.slice(0, size));
      rest = rest.slice(size);
    }
    const lines = await readLines(createReader(chunks, { streams }));
    assertEquals(lines, texts.map((text) => ({ text })), `seed ${seed}`);
  }
});

Deno.test("LineReader.damage is that of the line returned last", async () => {
  const reader = createReader(
    [bytes("fine\n12345678+", 0xff, "\nfine\n", 0xff, 0xff, "\n123456789\nfine\n", 0xfe)],
    { maxLineBytes: 8 },
  );
  assertEquals(await readLines(reader), [
    { text: "fine" },
    { text: "12345678", damage: { cutBytes: 2, repairs: 0 } },
    { text: "fine" },
    { text: "\ufffd\ufffd", damage: { cutBytes: 0, repairs: 2 } },
    { text: "12345678", damage: { cutBytes: 1, repairs: 0 } },
    { text: "fine" },
    { text: "\ufffd", damage: { cutBytes: 0, repairs: 1 } },
  ]);
});

Deno.test("LineReader.damage has both kinds where a line suffered both", async () => {
  const chunks = [bytes("a", 0xff, "b"), bytes(0xfe, "cdefgh"), bytes("ijk\nnext\n")];
  assertEquals(await readLines(createReader(chunks, { maxLineBytes: 6 })), [
    { text: "a\ufffdb\ufffdcd", damage: { cutBytes: 7, repairs: 2 } },
    { text: "next" },
  ]);
});

Deno.test("LineReader.next() passes everything through the filter first", async () => {
  // Takes out what is in brackets, and has nothing left of the second chunk.
  const filter = (chunk: Uint8Array) => bytes(new TextDecoder().decode(chunk).replace(/<.*>/, ""));
  const chunks = [bytes("a<iac>b"), bytes("<all of it>"), bytes("c\n<x>d\n")];
  assertEquals(await readLines(createReader(chunks, { filter })), [{ text: "abc" }, { text: "d" }]);
});

Deno.test("LineReader.next() keeps nothing of a line without end but its beginning", async () => {
  const piece = new Uint8Array(64 * 1024).fill(0x61);
  let passed = 0;
  /** Counts what is held for a line that is not complete. */
  class CountingPool extends LineStreamPool {
    override borrow(): ReturnType<LineStreamPool["borrow"]> {
      const { reader, writer } = super.borrow();
      const write = writer.write.bind(writer);
      writer.write = (text) => {
        passed += text!.length;
        return write(text);
      };
      return { reader, writer };
    }
  }
  const chunks = function* () {
    for (let count = 0; count < 1024; count++) yield piece;
    yield bytes("\nnext\n");
  };

  const lines = await readLines(createReader(chunks(), { streams: new CountingPool() }));

  assertEquals(passed, 4096 + "\nnext\n".length);
  assertEquals(lines, [
    { text: "a".repeat(4096), damage: { cutBytes: 64 * 1024 * 1024 - 4096, repairs: 0 } },
    { text: "next" },
  ]);
});

Deno.test("LineReader.next() gives the stream a line that comes byte by byte in one piece", async () => {
  const streams = new LineStreamPool();
  const { reader, writer } = streams.borrow();
  const written: string[] = [];
  streams.giveBack({
    reader,
    writer: Object.assign(Object.create(writer), {
      write: (text: string) => {
        written.push(text);
        return writer.write(text);
      },
      close: () => writer.close(),
    }),
  });
  const chunks = [..."hello\r\n"].map((character) => bytes(character));
  const lines = await readLines(createReader(chunks, { streams }));
  assertEquals(lines, [{ text: "hello" }]);
  assertEquals(written, ["hello\r\n"]);
});

Deno.test("LineReader.gather() gives all lines that came together, and what was done to some", async () => {
  const reader = createReader([
    bytes("one\n"),
    bytes("two\n", 0xff, "\n123456789\nfour\nfi"),
    bytes("ve\nlast"),
  ], { maxLineBytes: 8 });
  const batches: unknown[] = [];
  for (let line = await reader.next(); !line.done; line = await reader.next()) {
    const { lines, damage } = await reader.gather(line.value);
    batches.push([lines, damage && [...damage]]);
  }
  assertEquals(batches, [
    [["one"], undefined],
    [["two", "\ufffd", "12345678", "four"], [
      [1, { cutBytes: 0, repairs: 1 }],
      [2, { cutBytes: 1, repairs: 0 }],
    ]],
    [["five"], undefined],
    [["last"], undefined],
  ]);
});

Deno.test("LineReader.gather() goes on where lines were taken one by one", async () => {
  const reader = createReader([bytes(0xff, "\nb\n", 0xfe, "\nd\n")]);
  await reader.next();
  const { value } = await reader.next();
  const { lines, damage } = await reader.gather(value);
  assertEquals([lines, [...damage!.keys()]], [["b", "\ufffd", "d"], [1]]);
});

Deno.test("LineReader.isUnfinished says of a last line whether it had an end", async () => {
  for (const [text, isUnfinished] of [["a\nb", true], ["a\nb\n", false]] as const) {
    const reader = createReader([bytes(text)]);
    const seen: boolean[] = [];
    while (!(await reader.next()).done) seen.push(reader.isUnfinished);
    assertEquals(seen, [false, isUnfinished]);
  }
});

Deno.test("LineReader.discard() reads to the end and makes no lines", async () => {
  let read = 0;
  const chunks = function* () {
    for (; read < 10; read++) yield bytes("line\nline\n");
  };
  const reader = createReader(chunks());
  assertEquals((await reader.next()).value, "line");

  await reader.discard();

  assertEquals(read, 10);
});

Deno.test("LineStreamPool lends the same stream to one connection after another", async () => {
  const streams = new WatchedPool();
  for (const name of ["a", "b", "c"]) {
    const reader = createReader([bytes(`${name}1\n${name}2\n`), bytes(`${name}3\n`)], { streams });
    const lines = await readLines(reader);
    assertEquals(lines.map(({ text }) => text), [`${name}1`, `${name}2`, `${name}3`]);
  }
  assertEquals(streams.borrowed.length, 6); // once for each chunk
  assertEquals(new Set(streams.borrowed).size, 1);
});

Deno.test("LineStreamPool lends no stream twice at a time", async () => {
  const streams = new WatchedPool();
  const readers = ["a", "b"].map((name) =>
    createReader([bytes(`${name}1\n${name}`), bytes("2\n")], { streams })
  );
  // Both are in the midst of their second lines at the same time.
  const first = await Promise.all(readers.map((reader) => reader.next()));
  const second = await Promise.all(readers.map((reader) => reader.next()));

  assertEquals([...first, ...second].map(({ value }) => value), ["a1", "b1", "a2", "b2"]);
  assertEquals(streams.borrowed.length, 2);
  assertNotStrictEquals(streams.borrowed[0], streams.borrowed[1]);
});

Deno.test("LineStreamPool never lends a stream that ended with a connection", async () => {
  const streams = new WatchedPool();
  for (const name of ["a", "b", "c"]) {
    const reader = createReader([bytes(`${name}1\n${name}2`)], { streams });
    assertEquals(await readLines(reader), [{ text: `${name}1` }, { text: `${name}2` }]);
    assertEquals((await reader.next()).done, true);
  }
  assertEquals(new Set(streams.borrowed).size, 3);
});

Deno.test("LineStreamPool.borrow() gives out first what was given back", () => {
  const streams = new LineStreamPool();
  const stream = streams.borrow();
  streams.giveBack(stream);
  assertStrictEquals(streams.borrow(), stream);
  assertNotStrictEquals(streams.borrow(), stream);
});

Deno.test("LineStreamPool.giveBack() keeps a limited number", () => {
  const streams = new LineStreamPool();
  const many = Array.from({ length: 300 }, () => streams.borrow());
  many.forEach((stream) => streams.giveBack(stream));

  const again = new Set(Array.from({ length: 300 }, () => streams.borrow()));

  assertEquals(many.filter((stream) => again.has(stream)).length, 256);
});
