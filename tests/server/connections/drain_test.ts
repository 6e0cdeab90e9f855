import { assertEquals } from "@std/assert";
import { DRAIN_MS, untilQuiet } from "../../../lib/server/connections/drain.ts";
import { FakeClock, settle } from "../../support/fake_clock.ts";

/** Begins a drain, and notes when it is over. */
function drain(clock: FakeClock, isQuiet: () => boolean) {
  const drained = { isOver: false };
  untilQuiet(clock, isQuiet).then(() => drained.isOver = true);
  return drained;
}

Deno.test("untilQuiet() waits for a moment without input", async () => {
  const clock = new FakeClock();
  const answers = [false, false, false, true];
  const drained = drain(clock, () => answers.shift()!);
  await clock.advance(149);
  assertEquals(drained.isOver, false);
  await clock.advance(1);
  assertEquals(drained.isOver, true);
});

Deno.test("untilQuiet() ends although input keeps coming", async () => {
  const clock = new FakeClock();
  const drained = drain(clock, () => false);
  await clock.advance(DRAIN_MS - 1);
  assertEquals(drained.isOver, false);
  await clock.advance(1);
  assertEquals(drained.isOver, true);
});

Deno.test("untilQuiet() takes nothing for silence while the process is held up", async () => {
  const clock = new FakeClock();
  const drained = drain(clock, () => true);
  for (const heldUp of [100, 1000]) {
    clock.tick(heldUp);
    await settle();
    assertEquals(drained.isOver, false);
  }
  await clock.advance(50);
  assertEquals(drained.isOver, true);
});

Deno.test("untilQuiet() ends even if the process is held up all the time", async () => {
  const clock = new FakeClock();
  const drained = drain(clock, () => true);
  for (let round = 0; round < 10; round++) {
    assertEquals(drained.isOver, false);
    clock.tick(1000);
    await settle();
  }
  assertEquals(drained.isOver, true);
});
