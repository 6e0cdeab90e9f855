import { assertEquals } from "@std/assert";
import { stopServer, type StopServerParts } from "../../../lib/cli/parts/stop_server.ts";
import { FakeClock, nextTurn } from "../../support/fake_clock.ts";

/** Stops a server that notes what it is told, and whose peers read nothing. */
function stop(parts: Partial<StopServerParts> = {}) {
  const clock = new FakeClock();
  const told: string[] = [];
  let hasStopped = false;
  const stopped = stopServer({
    server: {
      stop(farewell = "the usual") {
        told.push(farewell);
        return new Promise(() => {});
      },
      abort: () => void told.push("aborted"),
    },
    datagrams: [],
    clock,
    isHandingOver: false,
    isLogLost: false,
    isClustered: false,
    settled: () => Promise.resolve(),
    ...parts,
  }).then(() => void (hasStopped = true));
  const tick = async (ms: number) => {
    clock.tick(ms);
    await nextTurn();
  };
  return { told, stopped, tick, hasStopped: () => hasStopped };
}

Deno.test("stopServer() gives peers time to read, then disconnects them, and then ends", async () => {
  const { told, tick, hasStopped } = stop();
  await tick(2499);
  assertEquals(told, ["the usual"]);
  await tick(1);
  assertEquals([told, hasStopped()], [["the usual", "aborted"], false]);
  await tick(500);
  assertEquals(hasStopped(), true);
});

Deno.test("stopServer() is quicker, and says so, if another server takes over", async () => {
  const { told, tick } = stop({ isHandingOver: true });
  await tick(1000);
  assertEquals(told, [
    "The server restarts. Connect again; all messages are saved.",
    "aborted",
  ]);
});

Deno.test("stopServer() does not say that everything is saved if the log is lost", () => {
  assertEquals(stop({ isLogLost: true, isHandingOver: true }).told, ["The server is stopping."]);
});

Deno.test("stopServer() waits for the log, but not for a cluster that it cannot reach", async () => {
  const never = { settled: () => new Promise(() => {}) };
  const alone = stop(never);
  const node = stop({ ...never, isClustered: true });
  for (const { tick } of [alone, node]) {
    for (const ms of [2500, 500, 1500]) await tick(ms);
  }
  assertEquals([alone.hasStopped(), node.hasStopped()], [false, true]);
});
