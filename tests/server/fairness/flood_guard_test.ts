import { assert, assertEquals, assertThrows } from "@std/assert";
import { type ConnectionContext, runInConnection } from "../../../lib/context.ts";
import { FloodGuard } from "../../../lib/server/fairness/flood_guard.ts";
import { FakeClock } from "../../support/fake_clock.ts";

function createContext(connection: number): ConnectionContext {
  return { connection, transport: "tcp", remote: `192.0.2.${connection}:1` };
}

/** The delay of each of `lines` lines that arrive at once. */
function admit(guard: FloodGuard, context: ConnectionContext, lines: number): number[] {
  return runInConnection(context, () => Array.from({ length: lines }, () => guard.admit()));
}

Deno.test("FloodGuard.admit() lets a burst through, then delays each line more", () => {
  const guard = new FloodGuard({ rate: 5, burst: 20, clock: new FakeClock() });

  const waits = admit(guard, createContext(1), 23);

  assertEquals(waits.slice(0, 20), Array(20).fill(0));
  assertEquals(waits.slice(20), [200, 400, 600]);
});

Deno.test("FloodGuard.admit() holds a peer that waits as told to the rate", async () => {
  const clock = new FakeClock();
  const guard = new FloodGuard({ rate: 5, burst: 3, clock });
  const context = createContext(1);
  admit(guard, context, 3);

  for (let line = 0; line < 10; line++) {
    const [waitMs] = admit(guard, context, 1);
    assertEquals(waitMs, 200);
    await clock.advance(waitMs);
  }
});

Deno.test("FloodGuard.admit() never delays a peer that keeps to the rate", async () => {
  const clock = new FakeClock();
  const guard = new FloodGuard({ rate: 5, burst: 1, clock });
  for (let line = 0; line < 20; line++) {
    assertEquals(admit(guard, createContext(1), 1), [0]);
    await clock.advance(200);
  }
  const context = createContext(2);
  for (let line = 0; line < 20; line++) {
    assertEquals(admit(guard, context, 1), [0]);
    await clock.advance(200);
  }
});

Deno.test("FloodGuard.admit() restores a burst gradually, and never more than one", async () => {
  const clock = new FakeClock();
  const guard = new FloodGuard({ rate: 10, burst: 4, clock });
  const context = createContext(1);
  assertEquals(admit(guard, context, 4), [0, 0, 0, 0]);

  await clock.advance(200);
  assertEquals(admit(guard, context, 3), [0, 0, 100]);

  await clock.advance(3_600_000);
  assertEquals(admit(guard, context, 5), [0, 0, 0, 0, 100]);
});

Deno.test("FloodGuard.admit() counts each connection separately", () => {
  const guard = new FloodGuard({ rate: 1, burst: 1, clock: new FakeClock() });
  const [a, b] = [createContext(1), createContext(2)];

  assertEquals(admit(guard, a, 3), [0, 1000, 2000]);
  assertEquals(admit(guard, b, 2), [0, 1000]);
});

Deno.test("FloodGuard.admit() knows the connection after an await", async () => {
  const guard = new FloodGuard({ rate: 1, burst: 1, clock: new FakeClock() });
  const serve = async () => {
    const waits = [guard.admit()];
    await Promise.resolve();
    return [...waits, guard.admit()];
  };
  const waits = await Promise.all([
    runInConnection(createContext(1), serve),
    runInConnection(createContext(2), serve),
  ]);
  assertEquals(waits, [[0, 1000], [0, 1000]]);
});

Deno.test("FloodGuard.admit() does not delay anything outside a connection", () => {
  const guard = new FloodGuard({ rate: 1, burst: 1, clock: new FakeClock() });
  assertEquals([guard.admit(), guard.admit()], [0, 0]);
});

Deno.test("FloodGuard.isOff at a rate of 0, and then nothing is delayed", () => {
  const guard = new FloodGuard({ rate: 0, burst: 1, clock: new FakeClock() });
  assert(guard.isOff);
  assertEquals(admit(guard, createContext(1), 1000), Array(1000).fill(0));
  assertEquals(new FloodGuard({ rate: 1, burst: 1, clock: new FakeClock() }).isOff, false);
});

Deno.test("FloodGuard() refuses a burst that lets nothing through", () => {
  const clock = new FakeClock();
  assertThrows(() => new FloodGuard({ rate: 5, burst: 0, clock }), RangeError, "a burst of 0");
});

Deno.test("FloodGuard.adjust() changes the rate of peers that are known, and turns it on", () => {
  const guard = new FloodGuard({ rate: 0, burst: 1, clock: new FakeClock() });
  const context = createContext(1);
  assertEquals(admit(guard, context, 3), [0, 0, 0]);
  guard.adjust({ rate: 10, burst: 2 });
  assertEquals(admit(guard, context, 4), [0, 0, 100, 200]);
  assertThrows(() => guard.adjust({ rate: 5, burst: 0 }), RangeError, "a burst of 0");
});
