import { assertEquals } from "@std/assert";
import { Rates } from "../../lib/metrics/rates.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("Rates.perSecond is the increase over the last minute, or since the start", async () => {
  const clock = new FakeClock();
  let events = 100;
  const rates = new Rates(clock, () => ({ events }));
  assertEquals(rates.perSecond, { events: 0 });
  events += 30;
  await clock.advance(10_000);
  assertEquals(rates.perSecond, { events: 3 });
  await clock.advance(50_000);
  assertEquals(rates.perSecond, { events: 0.5 });
  await clock.advance(10_000);
  assertEquals(rates.perSecond, { events: 0 });
  rates[Symbol.dispose]();
});
