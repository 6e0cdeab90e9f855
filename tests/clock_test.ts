import { assertEquals } from "@std/assert";
import { Pauses } from "../lib/clock.ts";
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
