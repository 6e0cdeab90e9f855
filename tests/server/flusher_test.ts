import { assert, assertEquals } from "@std/assert";
import { Flusher } from "../../lib/server/flusher.ts";
import { settle } from "../support/fake_clock.ts";

/** Fills outboxes, and notes which of them were written, in order. */
class Filling {
  readonly written: string[] = [];
  readonly flusher: Flusher;

  constructor(reads?: () => Promise<unknown>) {
    this.flusher = new Flusher(reads);
  }

  fill(count: number, name = "one"): void {
    for (let index = 0; index < count; index++) {
      this.flusher.add({ flush: () => this.written.push(name) });
    }
  }
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

Deno.test("Flusher.add() serves a few before a crowd that was filled earlier", async () => {
  const filling = new Filling();
  filling.fill(1000, "crowd");
  await Promise.resolve();
  filling.fill(2, "few");
  await settle();
  assertEquals(filling.written.indexOf("few"), 100);
  assertEquals(filling.written.lastIndexOf("few"), 101);
  assertEquals(filling.written.length, 1002);
});

Deno.test("Flusher.add() goes on serving a crowd while others are filled all the time", async () => {
  const filling: Filling = new Filling(async () => {
    if (filling.written.length < 10_000) filling.fill(1000, "next crowd");
    await settle(1);
  });
  filling.fill(1000, "crowd");
  await filling.flusher.started();
  assert(filling.written.length < 3000, `after ${filling.written.length}`);
  await filling.flusher.started();
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
