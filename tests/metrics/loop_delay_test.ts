import { assertEquals } from "@std/assert";
import { LoopDelay } from "../../lib/metrics/loop_delay.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("LoopDelay notes ten times a second how late its timer is, until it is disposed of", async () => {
  const clock = new FakeClock();
  const watch = new LoopDelay(clock);
  await clock.advance(1000);
  assertEquals([watch.delays.count, watch.delays.sum], [10, 0]);
  // Nothing runs for two seconds.
  clock.tick(2100);
  assertEquals(watch.delays.count, 11);
  assertEquals(watch.delays.sum.toFixed(3), "2.000");
  await clock.advance(100);
  assertEquals(watch.delays.count, 12);
  watch[Symbol.dispose]();
  await clock.advance(1000);
  assertEquals(watch.delays.count, 12);
});
