import { assert, assertEquals } from "@std/assert";
import { Flusher } from "../../../lib/server/output/flusher.ts";
import { Outbox } from "../../../lib/server/output/outbox.ts";
import { FakeClock, settle } from "../../support/fake_clock.ts";
import { FakeSink } from "../../support/fake_sink.ts";

const encoder = new TextEncoder();

/** Fills outboxes, and notes which of them were written, in order. */
class Filling {
  readonly written: string[] = [];
  readonly flusher: Flusher;

  constructor(reads?: () => Promise<unknown>) {
    this.flusher = new Flusher(new FakeClock(), reads);
  }

  fill(count: number, name = "one"): void {
    for (let index = 0; index < count; index++) {
      this.flusher.add({ flush: () => this.written.push(name) });
    }
  }
}

function push(outbox: Outbox, text: string): void {
  outbox.push(encoder.encode(text));
}

/** Queues low-priority output. */
function offerLate(outbox: Outbox, text: string): void {
  outbox.offer(encoder.encode(text), true);
}

interface Peers {
  readonly sinks: readonly FakeSink[];
  readonly outboxes: readonly Outbox[];
}

function createPeers(count: number, flusher: Flusher): Peers {
  const sinks = Array.from({ length: count }, () => new FakeSink());
  const outboxes = sinks.map((sink) => new Outbox(sink, { capacityBytes: 80, flusher }));
  return { sinks, outboxes };
}

function countWritten({ sinks }: Peers): number {
  return sinks.filter(({ writes }) => writes.length > 0).length;
}

/** Peers of whom the first have used up what may be written at once. */
async function createCrowd(count: number): Promise<Peers & { readonly clock: FakeClock }> {
  const clock = new FakeClock();
  const flusher = new Flusher(clock);
  const crowd = createPeers(500, flusher);
  for (const outbox of crowd.outboxes) offerLate(outbox, "a");
  await settle(20);
  assertEquals(countWritten(crowd), 500);
  return { clock, ...createPeers(count, flusher) };
}

Deno.test("Flusher.add() has sockets read after every two hundred writes", async () => {
  const writesAtReads: number[] = [];
  const filling: Filling = new Filling(() => {
    writesAtReads.push(filling.written.length);
    return Promise.resolve();
  });
  filling.fill(200);
  await settle();
  assertEquals(writesAtReads, []); // nobody had to wait
  filling.fill(500);
  await settle();
  assertEquals([writesAtReads, filling.written.length], [[400, 600], 700]);
});

Deno.test("Flusher.add() writes to a few at once, while a crowd waits for its turn", async () => {
  const { promise: read, resolve } = Promise.withResolvers<void>();
  const filling = new Filling(() => read);
  filling.fill(1000, "crowd");
  await settle();
  assertEquals(filling.written.length, 200);
  for (const [go, count] of [[1, 50], [2, 2]]) {
    const { length } = filling.written;
    filling.fill(count, `few ${go}`);
    filling.fill(50, "crowd");
    await Promise.resolve();
    assertEquals(filling.written.length, length + 50);
    assertEquals(filling.written.slice(length, length + count), Array(count).fill(`few ${go}`));
  }
  resolve();
  await filling.flusher.started();
  assertEquals(filling.written.filter((name) => name === "crowd").length, 1100);
});

Deno.test("Flusher.add() serves an outbox that another one fills", async () => {
  const filling = new Filling();
  for (let count = 0; count < 200; count++) {
    filling.flusher.add({ flush: () => filling.fill(1) });
  }
  await settle();
  assertEquals(filling.written.length, 200);
  assertEquals(filling.flusher.started(), undefined);
});

Deno.test("Flusher.add() goes on serving a crowd while others are filled all the time", async () => {
  const filling: Filling = new Filling(async () => {
    if (filling.written.length < 10_000) filling.fill(1000, "next crowd");
    await settle(1);
  });
  filling.fill(1000, "crowd");
  await filling.flusher.started();
  assert(filling.written.length < 3000, `after ${filling.written.length}`);
  while (filling.flusher.started()) await settle();
});

Deno.test("Flusher.started() resolves once everything that was queued so far is being written", async () => {
  const filling = new Filling();
  const { flusher } = filling;
  assertEquals(flusher.started(), undefined);
  filling.fill(250, "before");
  const started = flusher.started()!.then(() => filling.written.slice());
  filling.fill(100, "after"); // which nobody asked about
  const before = (await started).filter((name) => name === "before");
  assertEquals(before.length, 250);
  await settle();
  assertEquals([flusher.started(), filling.written.length], [undefined, 350]);
});

Deno.test("Flusher.addLate() writes low-priority output at once while there is little of it", async () => {
  const peers = createPeers(500, new Flusher(new FakeClock()));
  for (const outbox of peers.outboxes) offerLate(outbox, "a");
  await settle(20);
  assertEquals(countWritten(peers), 500);
});

Deno.test("Flusher.addLate() starts two thousand low-priority writes a second, in order", async () => {
  const peers = await createCrowd(300);
  const { clock, sinks, outboxes } = peers;
  for (const outbox of outboxes) offerLate(outbox, "a");
  await settle(20);
  assertEquals(countWritten(peers), 0);
  offerLate(outboxes[200], "b"); // goes out with the first

  await clock.advance(50);
  assertEquals(countWritten(peers), 100);
  assertEquals(sinks[99].writes, ["a"]);
  await clock.advance(100);
  assertEquals(countWritten(peers), 300);
  assertEquals(sinks[200].writes, ["ab"]);
});

Deno.test("Flusher.addLate() writes low-priority output together with what follows it, in order", async () => {
  const { clock, sinks, outboxes } = await createCrowd(3);
  for (const outbox of outboxes) offerLate(outbox, "a");
  push(outboxes[0], "b");
  await settle(20);
  assertEquals(sinks.map(({ writes }) => writes), [["ab"], [], []]);

  outboxes[1].abandon();
  const drained = outboxes[2].drained(); // such as at the end of a session
  await settle(20);
  assertEquals(sinks.map(({ writes }) => writes), [["ab"], [], ["a"]]);
  await sinks[2].take();
  assertEquals(await drained, true);
  await sinks[0].take();

  push(outboxes[0], "c");
  await clock.advance(1000);
  assertEquals(sinks.map(({ writes }) => writes), [["ab", "c"], [], ["a"]]);
});

Deno.test("Flusher.addLate() writes low-priority output beside a crowd that is never done", async () => {
  let isDone = false;
  const filling: Filling = new Filling(async () => {
    if (!isDone && filling.written.length < 10_000) filling.fill(1000, "crowd");
    await settle(1);
  });
  filling.fill(1000, "crowd");
  filling.flusher.addLate({ flush: () => isDone = true });
  await settle(20);
  assert(isDone, `not after ${filling.written.length}`);
  while (filling.flusher.started()) await settle();
});

Deno.test("Flusher.addLate() leaves no timer once nobody is left to write to", async () => {
  let timers = 0;
  const clock = new class extends FakeClock {
    override after(ms: number, work: () => void): () => void {
      timers++;
      const cancel = super.after(ms, work);
      return () => {
        timers--;
        cancel();
      };
    }
  }();
  const flusher = new Flusher(clock);
  const { outboxes } = createPeers(503, flusher);
  for (const outbox of outboxes) offerLate(outbox, "a");
  await settle(20);
  assertEquals(timers, 1);
  push(outboxes[500], "b");
  outboxes[501].abandon();
  assertEquals(timers, 1);
  outboxes[502].abandon();
  assertEquals(timers, 0);
});
