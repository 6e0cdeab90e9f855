import { assertEquals } from "@std/assert";
import { TimeLimits } from "../../../lib/server/connections/time_limits.ts";
import { Flusher } from "../../../lib/server/output/flusher.ts";
import { Outbox } from "../../../lib/server/output/outbox.ts";
import { FakeClock, settle } from "../../support/fake_clock.ts";
import { FakeSink } from "../../support/fake_sink.ts";

Deno.test("TimeLimits.check() does not count a peer as stalled while its low-priority output is held back", async () => {
  const clock = new FakeClock();
  const flusher = new Flusher(clock);
  const sink = new FakeSink();
  const outbox = new Outbox(sink, { capacityBytes: 80, flusher });
  const limits = new TimeLimits({ clock, stallMs: () => 1000 });
  // A crowd has used up what may be written for now.
  const crowd = Array.from({ length: 20_000 }, () => new FakeSink());
  for (const sink of crowd) {
    new Outbox(sink, { capacityBytes: 80, flusher }).offer(Uint8Array.of(97), true);
  }
  outbox.offer(Uint8Array.of(97), true);
  await settle(20);
  assertEquals(limits.check(outbox, false), undefined);
  await clock.advance(2000);
  assertEquals([sink.writes, limits.check(outbox, false)], [[], undefined]);

  outbox.push(Uint8Array.of(98));
  await settle(20);
  assertEquals([sink.writes, limits.check(outbox, false)], [["ab"], undefined]);
  await clock.advance(1000);
  assertEquals(limits.check(outbox, false), { isStalled: true });
});
