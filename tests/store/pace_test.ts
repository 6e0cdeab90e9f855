import { assert, assertEquals } from "@std/assert";
import { Pace } from "../../lib/store/sqlite/pace.ts";

/** A pace on a machine that takes so many milliseconds for a unit of work. */
function setUp(msPerUnit: number, most = 10_000) {
  const machine = { now: 0, msPerUnit };
  const pace = new Pace({ most, monotonic: () => machine.now });
  const step = (left = Infinity) =>
    pace.step((most) => {
      const done = Math.min(most, left);
      machine.now += done * machine.msPerUnit;
      return done;
    });
  return { machine, pace, step };
}

Deno.test("Pace.step() comes to do as much as takes two milliseconds", () => {
  for (const msPerUnit of [0.001, 0.01, 0.1, 1]) {
    const { step } = setUp(msPerUnit);
    for (let count = 0; count < 20; count++) step();
    const ms = step().done * msPerUnit;
    assert(ms >= 1 && ms <= 2, `${ms} ms where a unit takes ${msPerUnit} ms`);
  }
});

Deno.test("Pace.step() at most doubles, and never does more than it may", () => {
  const { step } = setUp(0.001, 100);
  assertEquals([1, 2, 3, 4, 5].map(() => step().done), [16, 32, 64, 100, 100]);
});

Deno.test("Pace.step() does less at once where the machine is busy, and at least one", () => {
  const { machine, step } = setUp(0.01);
  for (let count = 0; count < 20; count++) step();
  machine.msPerUnit = 1;
  step();
  assert(step().done <= 2);
  machine.msPerUnit = 100;
  step();
  assertEquals([1, 2, 3].map(() => step().done), [1, 1, 1]);
});

Deno.test("Pace.step() tells whether there may be more, and learns nothing from what was less", () => {
  const { step } = setUp(0.01);
  assertEquals(step(), { done: 16, isFull: true });
  assertEquals(step(3), { done: 3, isFull: false });
  assertEquals(step(0), { done: 0, isFull: false });
  assertEquals(step(), { done: 32, isFull: true });
});
