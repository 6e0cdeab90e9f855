import { memoryUsage } from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { systemClock } from "../../../lib/clock.ts";
import type { LineDamage } from "../../../lib/codec/line_decoder.ts";
import { assert, assertEquals } from "@std/assert";
import { FairBudget } from "../../../lib/server/fairness/fair_budget.ts";
import { LineCursor } from "../../../lib/server/framing/line_cursor.ts";
import { LineFramer, LineSplitter } from "../../../lib/server/framing/line_framer.ts";
import { IS_DENO_2_7 } from "../../support/deno_2_7.ts";
import { SeededRandom } from "../../support/random.ts";

const encoder = new TextEncoder();

/** Numbers as bytes, text as UTF-8. */
function bytes(...parts: readonly (number | string)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => typeof part === "number" ? [part] : [...encoder.encode(part)]),
  );
}

/** Chunks as a transport returns them: in one buffer, so each is only valid until the next. */
async function* inOneBuffer(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(64 * 1024);
  for (const chunk of chunks) {
    buffer.set(chunk);
    yield buffer.subarray(0, chunk.length);
    buffer.fill(0x21);
  }
}

interface Setting {
  readonly filter?: (chunk: Uint8Array) => Uint8Array;
  readonly maxLineBytes?: number;
  readonly splitter?: LineSplitter;
}

function createFramer(chunks: Iterable<Uint8Array>, setting: Setting = {}): LineFramer {
  return new LineFramer(inOneBuffer(chunks), {
    filter: setting.filter ?? ((chunk) => chunk),
    maxLineBytes: setting.maxLineBytes ?? 4096,
    splitter: setting.splitter ?? new LineSplitter(),
  });
}

/** The lines of a framer, one by one. */
function createCursor(chunks: Iterable<Uint8Array>, setting: Setting = {}): LineCursor {
  return new LineCursor(createFramer(chunks, setting), {
    clock: systemClock,
    work: new FairBudget({ clock: systemClock }).account(),
  });
}

/** Records the texts that it splits. */
class WatchedSplitter extends LineSplitter {
  readonly texts: string[] = [];

  override split(...[text, taker, head = ""]: Parameters<LineSplitter["split"]>): void {
    this.texts.push(head + text);
    super.split(text, taker, head);
  }
}

function split(splitter: LineSplitter, text: string): Promise<string[]> {
  return new Promise((takeSplit) => splitter.split(text, { takeSplit }));
}

interface Line {
  readonly text: string;
  readonly damage?: LineDamage;
}

async function readLines(cursor: LineCursor): Promise<Line[]> {
  const lines: Line[] = [];
  for (;;) {
    const { value, done } = await cursor.next();
    if (done) return lines;
    lines.push(cursor.damage ? { text: value, damage: cursor.damage } : { text: value });
  }
}

async function readText(...parts: readonly string[]): Promise<string[]> {
  const lines = await readLines(createCursor(parts.map((part) => bytes(part))));
  assert(lines.every(({ damage }) => damage === undefined));
  return lines.map(({ text }) => text);
}

Deno.test("LineFramer.read() takes LF and CR LF as the end of a line", async () => {
  assertEquals(await readText("a\r\nb\n\r\n\nc d\r\n"), ["a", "b", "", "", "c d"]);
});

Deno.test("LineFramer.read() keeps a CR within a line", async () => {
  assertEquals(await readText("a\rb\n\rc\n"), ["a\rb", "\rc"]);
});

Deno.test("LineFramer.read() takes a last line without a newline for a line", async () => {
  assertEquals(await readText("a\nlast"), ["a", "last"]);
  assertEquals(await readText("only"), ["only"]);
  assertEquals(await readText("on", "l", "y"), ["only"]);
});

Deno.test("LineFramer.read() returns no line for an end after a newline", async () => {
  assertEquals(await readText(), []);
  assertEquals(await readText("a\n"), ["a"]);
  assertEquals(await readText("\n"), [""]);
});

Deno.test("LineFramer.read() stays at the end", async () => {
  for (const text of ["", "a\n", "a"]) {
    const cursor = createCursor([bytes(text)]);
    await readLines(cursor);
    assertEquals(await cursor.next(), { value: undefined, done: true });
    assertEquals(await cursor.next(), { value: undefined, done: true });
  }
});

Deno.test("LineFramer.read() returns the same lines wherever the bytes are split", async () => {
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
    { text: "\ufffd€uro ", damage: { cutBytes: 4, repairs: 1 } },
    { text: "012345678", damage: { cutBytes: 1, repairs: 0 } },
    { text: "" },
    { text: "é\ufffd", damage: { cutBytes: 0, repairs: 1 } },
    { text: "last \ufffd", damage: { cutBytes: 0, repairs: 1 } },
  ];
  const read = (chunks: Uint8Array[]) => readLines(createCursor(chunks, { maxLineBytes: 9 }));

  assertEquals(await read([input]), expected);
  for (let at = 1; at < input.length; at++) {
    assertEquals(await read([input.slice(0, at), input.slice(at)]), expected, `cut at ${at}`);
  }
  assertEquals(await read([...input].map((byte) => bytes(byte))), expected);
});

Deno.test("LineFramer.read() returns the lines of random text in random pieces", async () => {
  const splitter = new LineSplitter();
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
    const lines = await readLines(createCursor(chunks, { splitter }));
    assertEquals(lines, texts.map((text) => ({ text })), `seed ${seed}`);
  }
});

Deno.test("LineCursor.damage is that of the line returned last", async () => {
  const cursor = createCursor(
    [bytes("fine\n12345678+", 0xff, "\nfine\n", 0xff, 0xff, "\n123456789\nfine\n", 0xfe)],
    { maxLineBytes: 8 },
  );
  assertEquals(await readLines(cursor), [
    { text: "fine" },
    { text: "12345678", damage: { cutBytes: 2, repairs: 0 } },
    { text: "fine" },
    { text: "\ufffd\ufffd", damage: { cutBytes: 0, repairs: 2 } },
    { text: "12345678", damage: { cutBytes: 1, repairs: 0 } },
    { text: "fine" },
    { text: "\ufffd", damage: { cutBytes: 0, repairs: 1 } },
  ]);
});

Deno.test("LineCursor.damage has both kinds for a line with both", async () => {
  const chunks = [bytes("a", 0xff, "b"), bytes(0xfe, "cdefgh"), bytes("ijk\nnext\n")];
  assertEquals(await readLines(createCursor(chunks, { maxLineBytes: 6 })), [
    { text: "a\ufffdb\ufffdcd", damage: { cutBytes: 7, repairs: 2 } },
    { text: "next" },
  ]);
});

Deno.test("LineFramer.read() passes everything through the filter first", async () => {
  // Removes what is in brackets, and leaves nothing of the second chunk.
  const filter = (chunk: Uint8Array) => bytes(new TextDecoder().decode(chunk).replace(/<.*>/, ""));
  const chunks = [bytes("a<iac>b"), bytes("<all of it>"), bytes("c\n<x>d\n")];
  assertEquals(await readLines(createCursor(chunks, { filter })), [{ text: "abc" }, { text: "d" }]);
});

Deno.test("LineFramer.read() keeps only the start of an endless line", async () => {
  const piece = new Uint8Array(64 * 1024).fill(0x61);
  const chunks = function* () {
    for (let count = 0; count < 1024; count++) yield piece;
    yield bytes("\nnext\n");
  };
  const splitter = new WatchedSplitter();
  assertEquals(await readLines(createCursor(chunks(), { splitter })), [
    { text: "a".repeat(4096), damage: { cutBytes: 64 * 1024 * 1024 - 4096, repairs: 0 } },
    { text: "next" },
  ]);
  assertEquals(splitter.texts.map(({ length }) => length), [4096 + "\nnext\n".length]);
});

Deno.test("LineFramer.read() splits a line that arrives byte by byte once, as a whole", async () => {
  const splitter = new WatchedSplitter();
  const chunks = [..."hello\r\n"].map((character) => bytes(character));
  assertEquals(await readLines(createCursor(chunks, { splitter })), [{ text: "hello" }]);
  assertEquals(splitter.texts, ["hello\r\n"]);
});

Deno.test("LineFramer.read() returns all lines that arrived together, with their damage", async () => {
  const framer = createFramer([
    bytes("one\n"),
    bytes("two\n", 0xff, "\n123456789\nfour\nfi"),
    bytes("ve\nlast"),
  ], { maxLineBytes: 8 });
  const batches: unknown[] = [];
  for (let batch = await framer.read(); batch; batch = await framer.read()) {
    batches.push([batch.lines, batch.damage && [...batch.damage]]);
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

Deno.test("LineFramer.read() says whether the last line had an end", async () => {
  for (const [text, isUnfinished] of [["a\nb", true], ["a\nb\n", undefined]] as const) {
    const framer = createFramer([bytes(text.slice(0, 2)), bytes(text.slice(2))]);
    const seen: unknown[] = [];
    for (let batch = await framer.read(); batch; batch = await framer.read()) {
      seen.push(batch.isUnfinished);
    }
    assertEquals(seen, [undefined, isUnfinished]);
  }
});

Deno.test("LineFramer.discard() reads to the end and returns no lines", async () => {
  let read = 0;
  const chunks = function* () {
    for (; read < 10; read++) yield bytes("line\nline\n");
  };
  const framer = createFramer(chunks());
  assertEquals((await framer.read())!.lines, ["line", "line"]);

  await framer.discard();

  assertEquals(read, 10);
});

Deno.test("LineSplitter.split() passes the lines of each text to its caller", async () => {
  const splitter = new LineSplitter();
  const texts = ["a\nb\n", "\n", "c\r\n\r\n", "d\n".repeat(1000), "e\n"];
  const expected = texts.map((text) => text.split(/\r?\n/).slice(0, -1));
  // All at once, and from each other's callbacks.
  const nested: Promise<string[]>[] = [];
  const lines = texts.map((text) =>
    split(splitter, text).then((lines) => {
      nested.push(split(splitter, text), split(splitter, "x\n"));
      return lines;
    })
  );
  assertEquals(await Promise.all(lines), expected);
  assertEquals(
    (await Promise.all(nested)).filter((_, index) => index % 2 === 0).map(({ length }) => length)
      .toSorted(),
    expected.map(({ length }) => length).toSorted(),
  );
});

Deno.test("A line that is kept keeps no more than 8,192 characters of what came with it", {
  ignore: IS_DENO_2_7,
}, async () => {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  const splitter = new LineSplitter();
  const kept: string[] = [];
  collect();
  const { heapUsed } = memoryUsage();
  for (let turn = 0; turn < 500; turn++) {
    const flood = split(splitter, `${"x".repeat(99)}\n`.repeat(1000));
    const [line] = await split(splitter, `what somebody says in turn ${turn}\n`);
    await flood;
    kept.push(line);
  }
  collect();
  const keptBytes = memoryUsage().heapUsed - heapUsed;
  assertEquals(kept.at(-1), "what somebody says in turn 499");
  assert(keptBytes < 500 * 8192, `${keptBytes}`);
});

Deno.test("LineSplitter.split() serves connections alternately, each in the middle of a line", async () => {
  const splitter = new LineSplitter();
  const cursors = ["a", "b"].map((name) =>
    createCursor([bytes(`${name}1\n${name}`), bytes("2\n")], { splitter })
  );
  const first = await Promise.all(cursors.map((cursor) => cursor.next()));
  const second = await Promise.all(cursors.map((cursor) => cursor.next()));
  assertEquals([...first, ...second].map(({ value }) => value), ["a1", "b1", "a2", "b2"]);
});
