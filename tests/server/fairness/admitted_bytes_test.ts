import { assert, assertEquals } from "@std/assert";
import { concat } from "@std/bytes/concat";
import { AdmittedBytes } from "../../../lib/server/fairness/admitted_bytes.ts";
import { FairBudget } from "../../../lib/server/fairness/fair_budget.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** Chunks that are always ready to be read. */
async function* ready(count: number): AsyncGenerator<Uint8Array> {
  for (let number = 0; number < count; number++) yield new Uint8Array([number]);
}

Deno.test("AdmittedBytes passes on every chunk once, in order", async () => {
  const clock = new FakeClock();
  const bytes = new AdmittedBytes(ready(100), new FairBudget({ clock }).account());
  const numbers: number[] = [];
  for await (const [number] of bytes) numbers.push(number);
  assertEquals(numbers, Array.from({ length: 100 }, (_, number) => number));
});

Deno.test("AdmittedBytes lets a peer that sends little overtake one whose bytes never end", async () => {
  const clock = new FakeClock();
  const budget = new FairBudget({ clock });
  const order: string[] = [];
  const read = async (name: string, count: number) => {
    for await (const _ of new AdmittedBytes(ready(count), budget.account())) {
      order.push(name);
      clock.tick(5);
    }
  };
  const endless = read("endless", 200);
  while (order.length < 20) await new Promise((resolve) => setTimeout(resolve, 0));
  const before = order.length;
  await read("honest", 1);
  assertEquals(order.indexOf("honest") - before <= 2, true, `${order.indexOf("honest") - before}`);
  await endless;
});

Deno.test("AdmittedBytes passes on a large chunk in pieces, each in its own turn", async () => {
  const clock = new FakeClock();
  const chunk = Uint8Array.from({ length: 70_000 }, (_, index) => index % 251);
  const bytes = new AdmittedBytes(
    (async function* () {
      yield chunk;
    })(),
    new FairBudget({ clock }).account(),
  );
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) {
    pieces.push(piece);
    clock.tick(1);
  }
  assertEquals(concat(pieces), chunk);
  assertEquals(pieces.map(({ length }) => length), [...Array(8).fill(8192), 4464]);
  assertEquals(bytes.count, 70_000);
});

Deno.test("AdmittedBytes passes on a peer's bytes before the disconnects of a crowd", async () => {
  const clock = new FakeClock();
  const budget = new FairBudget({ clock });
  const order: string[] = [];
  const read = async (name: string, count: number) => {
    for await (const _ of new AdmittedBytes(ready(count), budget.account())) order.push(name);
    order.push(`${name} has gone`);
    clock.tick(1);
  };
  const crowd = Array.from({ length: 1000 }, () => read("one of the crowd", 0));
  await Promise.all([...crowd, read("honest", 1)]);
  assert(order.indexOf("honest") < 100, `after ${order.indexOf("honest")}`);
  assertEquals(order.length, 1002);
});
