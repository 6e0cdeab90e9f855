import { assert, assertEquals, assertRejects } from "@std/assert";
import type { LineDamage } from "../../../lib/codec/line_decoder.ts";
import { LineFramer, LineSplitter } from "../../../lib/server/framing/line_framer.ts";
import { ReadAhead } from "../../../lib/server/framing/read_ahead.ts";
import { settle } from "../../support/fake_clock.ts";

/** The peer's bytes, and how much of them has been read. */
class Source {
  read = 0;
  readonly #chunks: (string | Error)[] = [];
  #wake: (() => void) | undefined;

  send(...chunks: readonly (string | Error)[]): void {
    this.#chunks.push(...chunks);
    this.#wake?.();
  }

  createReader(): ReadAhead {
    const splitter = new LineSplitter();
    const options = { filter: (chunk: Uint8Array) => chunk, maxLineBytes: 20_000, splitter };
    return new ReadAhead(new LineFramer(this.#bytes(), options));
  }

  async *#bytes(): AsyncGenerator<Uint8Array> {
    for (;;) {
      while (this.#chunks.length === 0) {
        await new Promise<void>((resolve) => this.#wake = resolve);
      }
      const chunk = this.#chunks.shift()!;
      if (chunk instanceof Error) throw chunk;
      if (chunk === "") return;
      this.read++;
      yield new TextEncoder().encode(chunk);
    }
  }
}

/** The lines of the next batch. */
async function take(reader: ReadAhead): Promise<string | undefined> {
  return (await reader.read())?.lines.join(" ");
}

/** The damage to the only line of the next batch. */
async function takeDamage(reader: ReadAhead): Promise<LineDamage | undefined> {
  const { lines, damage } = (await reader.read())!;
  assertEquals(lines.length, 1);
  return damage?.get(0);
}

Deno.test("ReadAhead reads nothing unasked until it is started", async () => {
  const source = new Source();
  const reader = source.createReader();
  source.send("one\n", "two\n");
  await settle();
  assertEquals(source.read, 0);
  assertEquals(await take(reader), "one");
  await settle();
  assertEquals(source.read, 1);
  source.send("");
  await reader.discard();
});

Deno.test("ReadAhead reads on once started, and returns the same lines in order", async () => {
  const source = new Source();
  const reader = source.createReader();
  source.send("one\ntwo\n", "three\n");
  assertEquals(await take(reader), "one two");
  reader.start();
  reader.start();
  await settle();
  assertEquals(source.read, 2);
  assertEquals(await take(reader), "three");
  source.send("four\n", "");
  assertEquals(await take(reader), "four");
  assertEquals(await take(reader), undefined);
  assertEquals(await take(reader), undefined);
});

Deno.test("ReadAhead may be started while a batch is pending", async () => {
  const source = new Source();
  const reader = source.createReader();
  const first = take(reader);
  assert(reader.isWaiting);
  reader.start();
  assert(reader.isWaiting);
  source.send("one\n", "two\n", "three\n");
  assertEquals(await first, "one");
  await settle();
  assertEquals(source.read, 3);
  assert(!reader.isWaiting);
  assertEquals([await take(reader), await take(reader)], ["two", "three"]);
  const fourth = take(reader);
  await settle();
  assert(reader.isWaiting);
  source.send("");
  assertEquals(await fourth, undefined);
});

Deno.test("ReadAhead.read() keeps a line's damage with the line", async () => {
  const source = new Source();
  const reader = source.createReader();
  reader.start();
  source.send("fine\n", `${"x".repeat(20_001)}\n`, "fine again\n", "");
  await settle();
  assertEquals(await takeDamage(reader), undefined);
  assertEquals(await takeDamage(reader), { cutBytes: 1, repairs: 0 });
  assertEquals(await takeDamage(reader), undefined);
  await reader.discard();
});

Deno.test("ReadAhead reads no more than it may hold", async () => {
  const source = new Source();
  const reader = source.createReader();
  reader.start();
  for (let count = 0; count < 20; count++) source.send(`${count}`.padEnd(10_000, "x") + "\n");
  await settle();
  assertEquals(source.read, 2);
  for (let count = 0; count < 20; count++) {
    assertEquals((await take(reader))!.slice(0, 2).replace("x", ""), `${count}`);
  }
  source.send("");
  await reader.discard();
});

Deno.test("ReadAhead.discard() reads to the end, full or not, and returns no lines", async () => {
  for (const lines of [0, 1, 50]) {
    const source = new Source();
    const reader = source.createReader();
    reader.start();
    for (let count = 0; count < lines; count++) source.send("x".repeat(10_000) + "\n");
    await settle();
    const discarding = reader.discard();
    source.send("more\n", "");
    await discarding;
    assertEquals(source.read, lines + 1);
  }
});

Deno.test("ReadAhead.read() returns the lines read before an error, and then the error", async () => {
  const source = new Source();
  const reader = source.createReader();
  reader.start();
  source.send("one\n", new Error("broken"));
  await settle();
  assertEquals(await take(reader), "one");
  await assertRejects(() => reader.read(), Error, "broken");
});

Deno.test("ReadAhead.peek() shows the first batch, and leaves it to be read", async () => {
  for (const isStarted of [false, true]) {
    const source = new Source();
    const reader = source.createReader();
    const seen: string[] = [];
    const peeked = reader.peek(({ lines }) => seen.push(...lines) > 0);
    assert(reader.isWaiting);
    if (isStarted) reader.start();
    source.send("one\ntwo\n", "three\n", "");
    await peeked;
    assertEquals(seen, ["one", "two"]);
    assertEquals([await take(reader), await take(reader)], ["one two", "three"]);
    assertEquals(await take(reader), undefined);
    assertEquals(seen, ["one", "two"]);
  }
});

Deno.test("ReadAhead.peek() ends if the first batch is refused", async () => {
  const source = new Source();
  const reader = source.createReader();
  const peeked = reader.peek(() => false);
  source.send("one\n", "");
  await peeked;
  assertEquals(await take(reader), undefined);
  await reader.discard();
});

Deno.test("ReadAhead.peek() does not show the end", async () => {
  const source = new Source();
  const reader = source.createReader();
  const peeked = reader.peek(() => {
    throw new Error("There is nothing to see");
  });
  source.send("");
  await peeked;
  assertEquals(await take(reader), undefined);
});
