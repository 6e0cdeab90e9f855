import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { setImmediate } from "node:timers/promises";
import { FairBudget, type WorkAccount } from "../../lib/server/fair_budget.ts";
import { FakeClock } from "../support/fake_clock.ts";

class Scene {
  readonly clock = new FakeClock();
  /** The names of those who did a unit of work, in order. */
  readonly done: string[] = [];
  polls = 0;
  readonly budget = new FairBudget({
    clock: this.clock,
    pollSockets: () => {
      this.polls++;
      return setImmediate();
    },
  });

  /** Does `count` units of work of `ms` milliseconds, one after the other. */
  async work(name: string, account: WorkAccount, count: number, ms: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      const turn = account.admit();
      if (turn) await turn;
      this.clock.tick(ms);
      this.done.push(name);
    }
  }
}

Deno.test("WorkAccount.admit() lets a peer that used little go ahead at once", () => {
  const { budget, clock } = new Scene();
  const account = budget.account();
  assertStrictEquals(account.admit(), undefined);
  clock.tick(1);
  assertStrictEquals(account.admit(), undefined);
});

Deno.test("WorkAccount.admit() makes work wait once a turn has taken 4 ms", async () => {
  const { budget, clock } = new Scene();
  assertStrictEquals(budget.account().admit(), undefined);
  clock.tick(4);
  const turn = budget.account().admit();
  assert(turn);
  await turn;
});

Deno.test("FairBudget starts afresh in the next turn", async () => {
  const { budget, clock } = new Scene();
  budget.account().admit();
  clock.tick(4);
  await setImmediate();
  await setImmediate();
  assertStrictEquals(budget.account().admit(), undefined);
});

Deno.test("FairBudget admits a peer that used little before 64 that ask without pause", async () => {
  const scene = new Scene();
  const greedy = Array.from({ length: 64 }, () => scene.budget.account());
  const running = greedy.map((account) => scene.work("greedy", account, 30, 1));
  while (scene.done.length < 64 * 20) await setImmediate(); // all are heavy by now
  const before = scene.done.length;
  await scene.work("honest", scene.budget.account(), 1, 1);
  assert(scene.done.length - before <= 3, `it waited for ${scene.done.length - before} units`);
  await Promise.all(running);
});

Deno.test("FairBudget takes turns among peers that all ask without pause", async () => {
  const scene = new Scene();
  const names = ["a", "b", "c"];
  await Promise.all(names.map((name) => scene.work(name, scene.budget.account(), 40, 1)));
  for (let start = 40; start + 3 <= 110; start += 3) {
    assertEquals(scene.done.slice(start, start + 3).toSorted(), names, `at ${start}`);
  }
});

Deno.test("FairBudget lets a heavy peer have a turn beside any number of light ones", async () => {
  const scene = new Scene();
  const heavy = scene.budget.account();
  await scene.work("heavy", heavy, 1, 20);
  const light = Array.from(
    { length: 100 },
    () => scene.work("light", scene.budget.account(), 1, 0.01),
  );
  scene.clock.tick(4);
  await Promise.all([...light, scene.work("heavy", heavy, 1, 1)]);
  assert(scene.done.lastIndexOf("heavy") < scene.done.length - 1, "it came last");
});

Deno.test("FairBudget polls the sockets after every 2 ms of queued work", async () => {
  const scene = new Scene();
  const account = scene.budget.account();
  await scene.work("warm-up", account, 1, 20);
  await scene.work("heavy", account, 20, 1);
  assert(scene.polls >= 9, `polled ${scene.polls} times`);
  assertEquals(scene.budget.waiting, 0);
});

Deno.test("WorkAccount forgets half of its use in half a second", () => {
  const { budget, clock } = new Scene();
  const account = budget.account();
  account.charge(10, clock.monotonic());
  clock.tick(500);
  assertEquals(account.recentMs(clock.monotonic()), 5);
});

Deno.test("WorkAccount.goOn() waits only once a unit has run for 2 ms", async () => {
  const { budget, clock } = new Scene();
  const account = budget.account();
  assertStrictEquals(account.admit(), undefined);
  clock.tick(1);
  assertStrictEquals(account.goOn(), undefined);
  clock.tick(4);
  const turn = account.goOn();
  assert(turn);
  await turn;
});
