import { assertEquals } from "@std/assert";
import { DropWatch } from "../../../lib/server/datagrams/drop_watch.ts";
import type { DatagramSocket } from "../../../lib/transport/datagram.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { RecordedLog } from "../../support/recorded_log.ts";

/** A watched socket with a counter that the test sets. */
function setUp(countDrops?: () => Promise<number>) {
  const clock = new FakeClock();
  const state = { drops: 0, asked: 0, noted: [] as number[] };
  const socket: DatagramSocket = {
    endpoint: "udp://127.0.0.1:1514",
    async *receive() {},
    countDrops: countDrops ?? (() => {
      state.asked++;
      return Promise.resolve(state.drops);
    }),
    close() {},
  };
  const watch = new DropWatch(socket, { clock, note: (count) => state.noted.push(count) });
  return { clock, state, watch };
}

Deno.test("DropWatch reads the count a second after a datagram, and reports new drops", async () => {
  const { clock, state, watch } = setUp();
  watch.noteReceived();
  watch.noteReceived();
  state.drops = 5;
  await clock.advance(999);
  assertEquals([state.asked, state.noted], [0, []]);
  await clock.advance(1);
  assertEquals([state.asked, state.noted], [1, [5]]);
  watch.noteReceived();
  await clock.advance(1000);
  state.drops = 7;
  watch.noteReceived();
  await clock.advance(1000);
  assertEquals([state.asked, state.noted], [3, [5, 2]]);
});

Deno.test("DropWatch does not read the count while nothing arrives", async () => {
  const { clock, state, watch } = setUp();
  await clock.advance(10_000);
  await watch.stop();
  assertEquals(state.asked, 0);
});

Deno.test("DropWatch.stop() reads the count one last time if something has arrived", async () => {
  const { clock, state, watch } = setUp();
  watch.noteReceived();
  state.drops = 3;
  await watch.stop();
  watch.noteReceived();
  await clock.advance(10_000);
  assertEquals([state.asked, state.noted], [1, [3]]);
});

Deno.test("DropWatch logs once that the count is unknown, and stops reading it", async () => {
  using recorded = new RecordedLog("warning");
  const { lines } = recorded;
  let asked = 0;
  const { clock, watch } = setUp(() => {
    asked++;
    return Promise.reject(new Error("Deno's permission --allow-run=cat is missing"));
  });
  for (let second = 0; second < 3; second++) {
    watch.noteReceived();
    await clock.advance(1000);
  }
  await watch.stop();
  assertEquals(asked, 1);
  assertEquals(lines.map((line) => line.replace(/^\S+ /, "")), [
    "warning server: Cannot count the datagrams dropped at udp://127.0.0.1:1514: " +
    "Deno's permission --allow-run=cat is missing",
  ]);
});

Deno.test("DropWatch goes on after a moment without descriptors", async () => {
  let asked = 0;
  const { clock, state, watch } = setUp(() => {
    if (asked++ > 0) return Promise.resolve(4);
    return Promise.reject(Object.assign(new Error("Too many open files"), { code: "EMFILE" }));
  });
  watch.noteReceived();
  await clock.advance(2000);
  assertEquals([asked, state.noted], [2, [4]]);
});
