import { assertEquals } from "@std/assert";
import { FairQueue } from "../../../lib/store/sqlite/reading/fair_queue.ts";

/** Takes and finishes everything, one after the other. */
function takeAll(queue: FairQueue<string>): string[] {
  const taken: string[] = [];
  for (let next = queue.take(); next; next = queue.take()) {
    taken.push(next.item);
    queue.finish(next.asker);
  }
  return taken;
}

/** Serves the askers until they no longer count as beginning. */
function wear(queue: FairQueue<string>, askers: readonly string[]): void {
  for (let turn = 0; turn < 8; turn++) {
    for (const asker of askers) queue.add(asker, asker);
    takeAll(queue);
  }
}

Deno.test("FairQueue.take() lets askers take turns, each in its own order", () => {
  const queue = new FairQueue<string>();
  for (const item of ["a1", "a2", "a3", "a4", "b1", "b2", "c1"]) queue.add(item[0], item);
  assertEquals(takeAll(queue), ["a1", "b1", "c1", "a2", "b2", "a3", "a4"]);
  assertEquals(queue.take(), undefined);
});

Deno.test("FairQueue.take() gives an asker one item at a time", () => {
  const queue = new FairQueue<string>();
  for (const item of ["a1", "a2"]) queue.add("a", item);
  assertEquals(queue.take()?.item, "a1");
  assertEquals(queue.take(), undefined);
  queue.add("a", "a3");
  queue.add("b", "b1");
  assertEquals(queue.take()?.item, "b1");
  assertEquals(queue.take(), undefined);
  queue.finish("a");
  assertEquals(queue.take()?.item, "a2");
});

Deno.test("FairQueue.finish() puts an asker behind the waiting ones", () => {
  const queue = new FairQueue<string>();
  for (const item of ["a1", "a2"]) queue.add("a", item);
  const first = queue.take()!;
  queue.add("b", "b1");
  queue.add("c", "c1");
  queue.finish(first.asker);
  assertEquals(takeAll(queue), ["b1", "c1", "a2"]);
});

Deno.test("FairQueue.remove() removes a waiting item, and nothing else", () => {
  const queue = new FairQueue<string>();
  for (const item of ["a1", "a2", "b1"]) queue.add(item[0], item);
  queue.remove("b", "b1");
  queue.remove("a", "a1");
  queue.remove("a", "b7");
  queue.remove("d", "d1");
  assertEquals(takeAll(queue), ["a2"]);
  queue.add("b", "b2");
  assertEquals(takeAll(queue), ["b2"]);
});

Deno.test("FairQueue.clear() takes all waiting items", () => {
  const queue = new FairQueue<string>();
  for (const item of ["a1", "b1", "a2"]) queue.add(item[0], item);
  queue.take();
  assertEquals(queue.clear(), ["a2", "b1"]);
  assertEquals(queue.take(), undefined);
});

Deno.test("FairQueue.take() serves those that begin to ask before those that go on", () => {
  const queue = new FairQueue<string>();
  const exports = Array.from({ length: 20 }, (_, index) => `export${index}`);
  wear(queue, exports);
  for (const name of exports) queue.add(name, name);
  queue.add("newcomer", "recent lines");
  assertEquals(queue.take()?.item, "recent lines");
  assertEquals(queue.take()?.item, "export0");
});

Deno.test("FairQueue.take() serves a newcomer's first eight requests before askers that go on", () => {
  const queue = new FairQueue<string>();
  wear(queue, ["export"]);
  queue.add("export", "page");
  for (let number = 1; number <= 9; number++) queue.add("newcomer", `${number}`);
  const order = takeAll(queue);
  assertEquals(order, ["1", "2", "3", "4", "5", "6", "7", "8", "page", "9"]);
});

Deno.test("FairQueue.take() serves a newcomer before an asker whose one request took long", () => {
  const queue = new FairQueue<string>();
  queue.add("tail", "page 1");
  queue.finish(queue.take()!.asker, 20);
  queue.add("tail", "page 2");
  queue.add("newcomer", "recent lines");
  assertEquals(queue.take()?.item, "recent lines");
});

Deno.test("FairQueue.take() serves a newcomer before the bulk work of other new askers", () => {
  const queue = new FairQueue<string>((item) => item.startsWith("page"));
  for (let number = 0; number < 20; number++) queue.add(`export${number}`, `page ${number}`);
  queue.add("newcomer", "recent lines");
  queue.add("newcomer", "page 20");
  assertEquals(queue.take()?.item, "recent lines");
  queue.finish("newcomer");
  assertEquals(takeAll(queue), Array.from({ length: 21 }, (_, number) => `page ${number}`));
});

Deno.test("FairQueue.take() lets those that go on have a turn beside any number that begin", () => {
  const queue = new FairQueue<string>();
  wear(queue, ["export"]);
  queue.add("busy", "x");
  queue.take();
  queue.add("export", "page 2");
  const begin = Array.from({ length: 30 }, (_, index) => `new${index}`);
  for (const name of begin) queue.add(name, name);
  const order = Array.from({ length: 31 }, () => queue.take()!.item);
  assertEquals(order.includes("page 2"), true);
});

Deno.test("FairQueue.take() gives an asker one item at a time, however many were served before it", () => {
  const queue = new FairQueue<string>();
  const exports = Array.from({ length: 40 }, (_, index) => `export${index}`);
  wear(queue, ["a", ...exports]);
  for (const name of [...exports, "a"]) queue.add(name, `${name} 1`);
  // So many that it is no longer among those that were served last.
  for (let number = 0; number < 256; number++) {
    queue.add(`new${number}`, "x");
    queue.finish(queue.take()!.asker);
  }
  for (const item of ["a 2", "a 3"]) queue.add("a", item);
  assertEquals(takeAll(queue).filter((item) => item.startsWith("a ")), ["a 1", "a 2", "a 3"]);
  for (const item of ["a 4", "a 5"]) queue.add("a", item);
  assertEquals([queue.take()?.item, queue.take()], ["a 4", undefined]);
});
