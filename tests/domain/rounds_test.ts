import { assertEquals } from "@std/assert";
import { Rounds, type RoundsOptions } from "../../lib/domain/rounds.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** Rounds a second apart, and what they did. */
function start(options: Partial<RoundsOptions> = {}) {
  const clock = new FakeClock();
  const failures: string[] = [];
  const scene = { clock, failures, count: 0, failure: "", isLast: false };
  const round = () => {
    scene.count++;
    return scene.failure === ""
      ? Promise.resolve(scene.isLast)
      : Promise.reject(new Error(scene.failure));
  };
  const onFailure = (message: string) => failures.push(message);
  const rounds = new Rounds({ clock, intervalMs: 1000, round, onFailure, ...options });
  return Object.assign(scene, { rounds });
}

Deno.test("Rounds begins at once, and pauses between rounds until one is the last", async () => {
  const scene = start();
  await scene.clock.advance(999);
  assertEquals(scene.count, 1);
  await scene.clock.advance(1);
  assertEquals(scene.count, 2);
  scene.isLast = true;
  await scene.clock.advance(10_000);
  assertEquals(scene.count, 3);
  await scene.rounds[Symbol.asyncDispose]();
});

Deno.test("Rounds reports the first failure in a row, and tries again after its own time", async () => {
  const scene = start({ retryMs: 5000 });
  scene.failure = "disk full";
  await scene.clock.advance(10_000);
  assertEquals([scene.count, scene.failures], [3, ["disk full"]]);
  scene.failure = "";
  await scene.clock.advance(5000);
  scene.failure = "disk full again";
  await scene.clock.advance(1000);
  assertEquals([scene.count, scene.failures], [5, ["disk full", "disk full again"]]);
  await scene.rounds[Symbol.asyncDispose]();
});

Deno.test("Rounds stops during a pause, with one more round if it has a last one", async () => {
  for (const [hasLastRound, expected] of [[false, 1], [true, 2]] as const) {
    const scene = start({ hasLastRound });
    await scene.clock.advance(0);
    assertEquals(scene.count, 1);
    scene.isLast = true;
    await scene.rounds[Symbol.asyncDispose]();
    assertEquals(scene.count, expected);
  }
});

Deno.test("Rounds stops after a failure without a last round", async () => {
  const scene = start({ hasLastRound: true });
  scene.failure = "disk full";
  await scene.clock.advance(0);
  await scene.rounds[Symbol.asyncDispose]();
  assertEquals(scene.count, 1);
});

Deno.test("Rounds tells a round that it is stopping, and waits for its current step", async () => {
  const seen: boolean[] = [];
  const rounds: Rounds = new Rounds({
    clock: new FakeClock(),
    intervalMs: 1000,
    round: async () => {
      while (!rounds.isStopping) {
        seen.push(rounds.isStopping);
        await rounds.pause(10);
      }
      seen.push(rounds.isStopping);
      return false;
    },
    onFailure: () => {},
  });
  await Promise.resolve();
  await rounds[Symbol.asyncDispose]();
  assertEquals(seen, [false, true]);
});
