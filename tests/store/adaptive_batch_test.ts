import { assert, assertEquals } from "@std/assert";
import { AdaptiveBatch } from "../../lib/store/sqlite/adaptive_batch.ts";

/** A step on a machine that takes this many milliseconds per unit of work. */
function step(
  pace: AdaptiveBatch,
  msPerUnit: number,
  left = Infinity,
): { done: number; isFull: boolean } {
  const done = Math.min(pace.units, left);
  return { done, isFull: pace.learn(done, done * msPerUnit) };
}

Deno.test("AdaptiveBatch.learn() approaches steps of two milliseconds", () => {
  for (const msPerUnit of [0.001, 0.01, 0.1, 1]) {
    const pace = new AdaptiveBatch({ least: 1, most: 10_000 });
    for (let count = 0; count < 20; count++) step(pace, msPerUnit);
    const ms = pace.units * msPerUnit;
    assert(ms >= 1 && ms <= 2, `${ms} ms if a unit takes ${msPerUnit} ms`);
  }
});

Deno.test("AdaptiveBatch.learn() at most doubles and stays within its limits", () => {
  const pace = new AdaptiveBatch({ least: 16, most: 100 });
  assertEquals([1, 2, 3, 4, 5].map(() => step(pace, 0.001).done), [16, 32, 64, 100, 100]);
  assertEquals([1, 2, 3].map(() => step(pace, 100).done), [100, 16, 16]);
});

Deno.test("AdaptiveBatch.learn() shrinks at once on a busy machine", () => {
  const pace = new AdaptiveBatch({ least: 1, most: 1000 });
  for (let count = 0; count < 20; count++) step(pace, 0.01);
  step(pace, 1);
  assert(pace.units <= 2);
});

Deno.test("AdaptiveBatch.learn() returns whether there may be more, and learns nothing from a partial step", () => {
  const pace = new AdaptiveBatch({ least: 16, most: 100 });
  assertEquals(step(pace, 0.01), { done: 16, isFull: true });
  assertEquals(step(pace, 0.01, 3), { done: 3, isFull: false });
  assertEquals(step(pace, 0.01, 0), { done: 0, isFull: false });
  assertEquals(step(pace, 0.01), { done: 32, isFull: true });
});
