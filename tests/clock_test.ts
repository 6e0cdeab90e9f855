import { assertEquals } from "@std/assert";
import { Pauses } from "../lib/clock.ts";
import { FakeClock, settle } from "./support/fake_clock.ts";

Deno.test("Pauses.take() takes as long as it is to", async () => {
  const clock = new FakeClock();
  const pauses = new Pauses(clock);
  let isOver = false;
  pauses.take(100).then(() => isOver = true);
  await settle();
  assertEquals(isOver, false);
  await clock.advance(100);
  assertEquals(isOver, true);
});

Deno.test("Pauses.end() cuts the pause that is being taken, and all later ones", async () => {
  const clock = new FakeClock();
  const pauses = new Pauses(clock);
  const before = clock.monotonic();
  const taken = pauses.take(100);
  pauses.end();
  await taken;
  await pauses.take(100);
  assertEquals(clock.monotonic(), before);
});
