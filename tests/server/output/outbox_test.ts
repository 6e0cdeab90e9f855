import { assert, assertEquals } from "@std/assert";
import { Flusher } from "../../../lib/server/output/flusher.ts";
import { Outbox } from "../../../lib/server/output/outbox.ts";
import { FakeClock, settle } from "../../support/fake_clock.ts";
import { FakeSink } from "../../support/fake_sink.ts";
import { SeededRandom } from "../../support/random.ts";

const encoder = new TextEncoder();
const CAPACITY = 80;

function createOutbox(capacityBytes = CAPACITY): { sink: FakeSink; outbox: Outbox } {
  const sink = new FakeSink();
  return {
    sink,
    outbox: new Outbox(sink, { capacityBytes, flusher: new Flusher(new FakeClock()) }),
  };
}

function push(outbox: Outbox, ...texts: readonly string[]): boolean[] {
  return texts.map((text) => outbox.push(encoder.encode(text)));
}

/** The result of a promise so far. */
function watch(promise: Promise<boolean>): { result: boolean | undefined } {
  const watched: { result: boolean | undefined } = { result: undefined };
  promise.then((result) => watched.result = result);
  return watched;
}

Deno.test("Outbox.push() sends everything queued in one go in one write", async () => {
  const { sink, outbox } = createOutbox();
  push(outbox, "a", "b", "c");
  assertEquals(sink.writes, []); // never writes before its caller is done

  await settle(1);

  assertEquals(sink.writes, ["abc"]);
});

Deno.test("Outbox.writeTo() sends what is queued from then on to another sink", async () => {
  const { sink, outbox } = createOutbox();
  push(outbox, "before");
  await settle(1);
  await sink.take();
  const other = new FakeSink();

  outbox.writeTo(other);
  push(outbox, "after");
  await settle(1);

  assertEquals(sink.writes, ["before"]);
  assertEquals(other.writes, ["after"]);
});

Deno.test("Outbox.push() has one write under way, and puts everything queued meanwhile in the next", async () => {
  const { sink, outbox } = createOutbox();
  push(outbox, "one ");
  await settle(1);
  push(outbox, "two ");
  await settle(1);
  push(outbox, "three ");
  await settle(1);
  assertEquals(sink.writes, ["one "]);

  await sink.take();
  assertEquals(sink.writes, ["one ", "two three "]);

  await sink.take();
  assertEquals(sink.isWriting, false);
  push(outbox, "four");
  await settle(1);
  assertEquals(sink.writes.slice(2), ["four"]);
});

Deno.test("Outbox.push() sends the rest of a partial write before anything else", async () => {
  const { sink, outbox } = createOutbox();
  push(outbox, "abcdef");
  await settle(1);
  push(outbox, "gh");

  await sink.take(2);
  await sink.take(1);
  assertEquals(sink.writes, ["abcdef", "cdef", "def"]);
  await sink.take();
  await sink.take();

  assertEquals(sink.taken, "abcdefgh");
  assertEquals(outbox.queuedBytes, 0);
  assertEquals(outbox.takenBytes, 8);
});

Deno.test("Outbox.queuedBytes and takenBytes count bytes that the system took, not bytes that were written", async () => {
  const { sink, outbox } = createOutbox();
  push(outbox, "12345");
  await settle(1);
  push(outbox, "678");
  assertEquals([outbox.queuedBytes, outbox.takenBytes], [8, 0]);

  await sink.take(2);
  assertEquals([outbox.queuedBytes, outbox.takenBytes], [6, 2]);
  await sink.take();
  assertEquals([outbox.queuedBytes, outbox.takenBytes], [3, 5]);
});

Deno.test("Outbox.push() takes bytes up to the capacity and refuses the rest", async () => {
  const { sink, outbox } = createOutbox();
  assertEquals(push(outbox, "a".repeat(70), "b".repeat(10), "c"), [true, true, false]);
  assertEquals(outbox.queuedBytes, CAPACITY);

  await settle(1);
  await sink.take(1);
  assertEquals(push(outbox, "dd", "d", "d"), [false, true, false]);

  await sink.take();
  await sink.take();
  assertEquals(sink.taken, "a".repeat(70) + "b".repeat(10) + "d");
});

Deno.test("Outbox.offer() leaves a reserve for push()", () => {
  const { outbox } = createOutbox();
  const offer = (text: string) => outbox.offer(encoder.encode(text));

  assertEquals(offer("a".repeat(69)), true);
  assertEquals(offer("aa"), false);
  assertEquals(offer("a"), true); // seven eighths
  assertEquals(offer("a"), false);
  assertEquals(push(outbox, "b".repeat(10), "b"), [true, false]);
  assertEquals(outbox.queuedBytes, CAPACITY);
});

Deno.test("Outbox.send() takes an answer past the capacity, in order", async () => {
  const { sink, outbox } = createOutbox(10_000);
  const text = "x".repeat(9000);
  push(outbox, text);
  const wait = outbox.send(encoder.encode("answer"))!;
  assert(outbox.send(encoder.encode("y".repeat(2000))));
  assertEquals(push(outbox, "notice"), [false]);
  await settle(1);
  const isAlive = watch(wait);
  await sink.take(9000);
  assertEquals(isAlive.result, true);
  await sink.take();
  assertEquals(sink.taken, `${text}answer${"y".repeat(2000)}`);
});

Deno.test("Outbox.send() returns nothing to await while little is queued", async () => {
  const { outbox } = createOutbox(100_000);
  assertEquals(outbox.send(encoder.encode("x".repeat(4096))), undefined);
  assertEquals(outbox.backpressure(), undefined);
  const wait = watch(outbox.send(encoder.encode("x"))!);
  await settle(1);
  assertEquals(wait.result, true); // a quarter of the capacity counts as read
});

Deno.test("Outbox.send() and backpressure() report that the peer is gone", async () => {
  const { outbox } = createOutbox();
  const wait = watch(outbox.send(encoder.encode("x".repeat(5000)))!);
  outbox.abandon();
  await settle(1);
  assertEquals(wait.result, false);
  assertEquals(outbox.send(encoder.encode("x".repeat(5000))), undefined);
  assertEquals(outbox.queuedBytes, 0);
});

Deno.test("Outbox.push() and offer() take any piece if nothing is queued", async () => {
  const { sink, outbox } = createOutbox();
  assertEquals(push(outbox, "a".repeat(1000), "b"), [true, false]);
  await settle(1);
  await sink.take();

  assertEquals(outbox.offer(encoder.encode("c".repeat(1000))), true);
  assertEquals(outbox.offer(encoder.encode("d")), false);
});

Deno.test("Outbox.push() writes nothing for no bytes", async () => {
  const { sink, outbox } = createOutbox();
  assertEquals(push(outbox, ""), [true]);
  await settle(1);
  assertEquals(sink.writes, []);
  assertEquals(await outbox.drained(), true);
});

Deno.test("Outbox.ready() resolves once a quarter of the capacity is left", async () => {
  const { sink, outbox } = createOutbox();
  push(outbox, "a".repeat(20));
  assertEquals(await outbox.ready(), true);

  push(outbox, "a".repeat(40));
  const ready = watch(outbox.ready());
  await sink.take();
  await sink.take(19);
  assertEquals(ready.result, undefined);
  await sink.take(1);
  assertEquals(ready.result, true);
  assertEquals(outbox.queuedBytes, 20);
});

Deno.test("Outbox.drained() resolves once everything is taken, including bytes queued meanwhile", async () => {
  const { sink, outbox } = createOutbox();
  assertEquals(await outbox.drained(), true);

  push(outbox, "ab");
  const drained = watch(outbox.drained());
  await settle(1);
  push(outbox, "c");
  await sink.take(1);
  await sink.take();
  assertEquals(drained.result, undefined);
  await sink.take();
  assertEquals(drained.result, true);
});

Deno.test("Outbox.ready() and drained() serve many callers at once", async () => {
  const { sink, outbox } = createOutbox();
  push(outbox, "a".repeat(50));
  const ready = [watch(outbox.ready()), watch(outbox.ready())];
  const drained = [watch(outbox.drained()), watch(outbox.drained())];
  await settle(1);

  await sink.take(30);
  assertEquals(ready.map(({ result }) => result), [true, true]);
  assertEquals(drained.map(({ result }) => result), [undefined, undefined]);

  await sink.take();
  assertEquals(drained.map(({ result }) => result), [true, true]);
});

Deno.test("Outbox.abandon() drops the queue and wakes waiting callers", async () => {
  const { sink, outbox } = createOutbox();
  push(outbox, "a".repeat(50));
  await settle(1);
  push(outbox, "never sent");
  const waiting = [watch(outbox.ready()), watch(outbox.drained())];

  outbox.abandon();
  outbox.abandon();
  await settle(1);

  assertEquals(waiting.map(({ result }) => result), [false, false]);
  assertEquals([outbox.isBroken, outbox.queuedBytes], [true, 0]);
  assertEquals(await Promise.all([outbox.ready(), outbox.drained()]), [false, false]);

  await sink.take(); // the write that was under way
  assertEquals(sink.writes.length, 1);
  assertEquals([outbox.queuedBytes, outbox.takenBytes], [0, 0]);
});

Deno.test("Outbox.abandon() cancels a write that has not started", async () => {
  const { sink, outbox } = createOutbox();
  push(outbox, "a");
  outbox.abandon();
  await settle(1);
  assertEquals(sink.writes, []);
});

Deno.test("Outbox.push() pretends to take bytes for a peer that is gone", async () => {
  const { sink, outbox } = createOutbox();
  push(outbox, "a");
  await settle(1);
  const drained = watch(outbox.drained());

  await sink.fail();

  assertEquals([outbox.isBroken, drained.result], [true, false]);
  assertEquals(push(outbox, "b".repeat(1000), "c"), [true, true]);
  assertEquals(outbox.offer(encoder.encode("d")), true);
  await settle(1);
  assertEquals(sink.writes, ["a"]);
  assertEquals(outbox.queuedBytes, 0);
});

Deno.test("Outbox.push() keeps the order, however much the peer takes at a time", async () => {
  for (let seed = 0; seed < 30; seed++) {
    const random = new SeededRandom(seed);
    const { sink, outbox } = createOutbox();
    let expected = "";
    for (let count = 0; count < 40; count++) {
      const text = `${count},`.repeat(1 + random.int(4));
      const isTaken = random.int(2) ? push(outbox, text)[0] : outbox.offer(encoder.encode(text));
      if (isTaken) expected += text;
      if (random.int(2)) await Promise.resolve();
      if (sink.isWriting && random.int(2)) await sink.take(1 + random.int(30));
      assert(outbox.queuedBytes <= CAPACITY);
    }
    await settle(1);
    while (sink.isWriting) await sink.take();
    assertEquals(sink.taken, expected, `seed ${seed}`);
  }
});

Deno.test("Outbox.push() has a crowd written to a part at a time, each once", async () => {
  const flusher = new Flusher(new FakeClock());
  const sinks = Array.from({ length: 350 }, () => new FakeSink());
  const outboxes = sinks.map((sink) => new Outbox(sink, { capacityBytes: CAPACITY, flusher }));
  const countWrites = () => sinks.filter(({ writes }) => writes.length > 0).length;

  outboxes.forEach((outbox) => push(outbox, "a"));
  await Promise.resolve();
  assertEquals(countWrites(), 100);
  push(outboxes[349], "b"); // still waits for its turn

  await settle();
  assertEquals(countWrites(), 350);
  assertEquals(sinks[349].writes, ["ab"]);
  assertEquals(sinks[0].writes, ["a"]);
});

Deno.test("Outbox.push() writes to others after a peer that is gone", async () => {
  const flusher = new Flusher(new FakeClock());
  const sinks = Array.from({ length: 3 }, () => new FakeSink());
  const outboxes = sinks.map((sink) => new Outbox(sink, { capacityBytes: CAPACITY, flusher }));
  outboxes.forEach((outbox) => push(outbox, "a"));
  outboxes[0].abandon();
  await settle(1);
  await sinks[1].fail();
  await sinks[2].take();

  outboxes.forEach((outbox) => push(outbox, "b"));
  await settle(1);

  assertEquals(sinks.map(({ writes }) => writes), [[], ["a"], ["a", "b"]]);
});

Deno.test("Outbox.probe() tells whether the peer is there, without sending anything", async () => {
  const { sink, outbox } = createOutbox();
  const alive = watch(outbox.probe());
  await sink.take();
  assertEquals([alive.result, sink.writes, outbox.takenBytes], [true, [""], 0]);

  let isTold = false;
  outbox.onBreak = () => isTold = true;
  const gone = watch(outbox.probe());
  assertEquals(isTold, false);
  await sink.fail();
  assertEquals([gone.result, outbox.isBroken, isTold], [false, true, true]);
  assertEquals(await outbox.probe(), false);
  assertEquals(sink.isWriting, false);
});

Deno.test("Outbox.probe() leaves it to the write under way", async () => {
  const { sink, outbox } = createOutbox();
  push(outbox, "abc");
  assertEquals(await outbox.probe(), true);
  await settle(1);
  assertEquals(await outbox.probe(), true);
  assertEquals(sink.writes, ["abc"]);
  await sink.fail();
  assertEquals(await outbox.probe(), false);
});

Deno.test("Outbox.onBreak is called once, whatever breaks it", async () => {
  for (const end of ["fail", "abandon"]) {
    const { sink, outbox } = createOutbox();
    let count = 0;
    outbox.onBreak = () => count++;
    push(outbox, "abc");
    await settle(1);
    if (end === "abandon") outbox.abandon();
    await sink.fail();
    outbox.abandon();
    assertEquals(count, 1, end);
  }
});
