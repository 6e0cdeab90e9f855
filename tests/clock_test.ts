import { assertEquals } from "@std/assert";
import { Pauses, sleep, waitFor } from "../lib/clock.ts";
import { FakeClock, settle } from "./support/fake_clock.ts";

Deno.test("Pauses.take() resolves after its time", async () => {
  const clock = new FakeClock();
  const pauses = new Pauses(clock);
  let isOver = false;
  pauses.take(100).then(() => isOver = true);
  await settle();
  assertEquals(isOver, false);
  await clock.advance(100);
  assertEquals(isOver, true);
});

Deno.test("Pauses.end() ends the current pause and all later ones", async () => {
  const clock = new FakeClock();
  const pauses = new Pauses(clock);
  const before = clock.monotonic();
  const taken = pauses.take(100);
  pauses.end();
  await taken;
  await pauses.take(100);
  assertEquals(clock.monotonic(), before);
});

Deno.test("sleep() ends when its signal is aborted, and leaves no timer behind", async () => {
  const clock = new FakeClock();
  const controller = new AbortController();
  const before = clock.monotonic();
  const sleeping = sleep(clock, 100, controller.signal);
  controller.abort();
  await sleeping;
  await sleep(clock, 100, controller.signal);
  assertEquals(clock.monotonic(), before);
});

Deno.test("waitFor() resolves with the event, however it ends, or when time is up", async () => {
  const clock = new FakeClock();
  await waitFor(Promise.resolve(), clock, 100);
  await waitFor(Promise.reject(new Error("This is a test")), clock, 100);
  let isOver = false;
  waitFor(new Promise(() => {}), clock, 100).then(() => isOver = true);
  await clock.advance(99);
  assertEquals(isOver, false);
  await clock.advance(1);
  assertEquals(isOver, true);
});
