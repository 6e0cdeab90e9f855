import { assertEquals } from "@std/assert";
import { AlertGate } from "../../lib/alert/alert_gate.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { eventOf } from "../support/room_events.ts";

function setUp() {
  const clock = new FakeClock();
  const told: [count: number, seq: number][] = [];
  const gate = new AlertGate(({ count, event }) => told.push([count, event.seq]), {
    everyMs: 60_000,
    clock,
  });
  return {
    clock,
    told,
    gate,
    see: (seq: number, count = 1) => gate.see({ count, event: eventOf(seq) }),
  };
}

Deno.test("AlertGate.see() lets the first sighting through at once", () => {
  const { told, see } = setUp();
  see(5, 3);
  assertEquals(told, [[3, 5]]);
});

Deno.test("AlertGate.see() joins sightings that come too soon, and lets them through later", async () => {
  const { clock, told, see } = setUp();
  see(1);
  see(2);
  await clock.advance(30_000);
  see(3, 10);
  see(4);
  await clock.advance(29_999);
  assertEquals(told, [[1, 1]]);
  await clock.advance(1);
  assertEquals(told, [[1, 1], [12, 4]]);
  see(5);
  await clock.advance(60_000);
  assertEquals(told, [[1, 1], [12, 4], [1, 5]]);
});

Deno.test("AlertGate.see() lets a sighting through at once after a quiet interval", async () => {
  const { clock, told, see } = setUp();
  see(1);
  await clock.advance(60_000);
  see(2);
  assertEquals(told, [[1, 1], [1, 2]]);
  await clock.advance(600_000);
  assertEquals(told.length, 2);
  see(3);
  assertEquals(told, [[1, 1], [1, 2], [1, 3]]);
});

Deno.test("AlertGate.close() lets the held sighting through", async () => {
  const { clock, told, see, gate } = setUp();
  see(1);
  see(2);
  gate.close();
  gate.close();
  assertEquals(told, [[1, 1], [1, 2]]);
  await clock.advance(600_000);
  assertEquals(told.length, 2);
});
