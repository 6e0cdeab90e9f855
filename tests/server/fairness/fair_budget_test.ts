import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { setImmediate } from "node:timers/promises";
import { FairBudget } from "../../../lib/server/fairness/fair_budget.ts";
import type { WorkAccount } from "../../../lib/server/fairness/work_account.ts";
import { FakeClock } from "../../support/fake_clock.ts";

class Scene {
  readonly clock = new FakeClock();
  /** The names of the peers that did a unit of work, in order. */
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
  assertStrictEquals(budget.account().admit(), undefined);
});

Deno.test("WorkAccount.admit() looks at the clock before a second unit of the same peer", async () => {
  const { budget, clock } = new Scene();
  const account = budget.account();
  assertStrictEquals(account.admit(), undefined);
  clock.tick(20);
  await account.admit();
  assertEquals(account.recentMs(clock.monotonic()), 20);
});

Deno.test("FairBudget lets 16 units go ahead at once in a turn, and then the clock decides", async () => {
  const { budget, clock } = new Scene();
  for (let unit = 0; unit < 16; unit++) assertStrictEquals(budget.account().admit(), undefined);
  clock.tick(8);
  let isNextTurn = false;
  setImmediate().then(() => isNextTurn = true);
  const turn = budget.account().admit();
  assert(turn);
  await turn;
  assert(isNextTurn);
});

Deno.test("FairBudget starts afresh in the next turn", async () => {
  const { budget } = new Scene();
  for (let unit = 0; unit < 16; unit++) budget.account().admit();
  await setImmediate();
  await setImmediate();
  assertStrictEquals(budget.account().admit(), undefined);
});

Deno.test("FairBudget charges a group's time to its accounts in equal parts", async () => {
  const { budget, clock } = new Scene();
  const accounts = Array.from({ length: 4 }, () => budget.account());
  for (const account of accounts) account.admit();
  clock.tick(6);
  await setImmediate();
  assertEquals(accounts.map((account) => account.recentMs(clock.monotonic())), [
    1.5,
    1.5,
    1.5,
    1.5,
  ]);
});

Deno.test("FairBudget admits cheap units in groups, and costly ones one by one", async () => {
  for (const { ms, turns } of [{ ms: 0.01, turns: 3 }, { ms: 10, turns: 40 }]) {
    const { budget, clock } = new Scene();
    const heavy = Array.from({ length: 40 }, () => budget.account());
    for (const account of heavy) account.charge(100, clock.monotonic());
    let polls = 0;
    let isDone = false;
    const work = heavy.map(async (account) => {
      await account.admit();
      clock.tick(ms);
    });
    Promise.all(work).then(() => isDone = true);
    for (; !isDone; polls++) await setImmediate();
    assert(turns === 3 ? polls <= turns : polls >= turns, `${ms} ms: ${polls} turns`);
  }
});

Deno.test("FairBudget admits a peer that used little before 64 that ask without pause", async () => {
  const scene = new Scene();
  const greedy = Array.from({ length: 64 }, () => scene.budget.account());
  const running = greedy.map((account) => scene.work("greedy", account, 30, 1));
  while (scene.done.length < 64 * 20) await setImmediate(); // all are heavy by now
  const before = scene.done.length;
  await scene.work("honest", scene.budget.account(), 1, 1);
  assert(scene.done.length - before <= 9, `it waited for ${scene.done.length - before} units`);
  await Promise.all(running);
});

Deno.test("FairBudget admits new input before the continuing answers to a crowd", async () => {
  const { budget, clock } = new Scene();
  let done = 0;
  const crowd = Array.from({ length: 300 }, async () => {
    await budget.account().turn();
    clock.tick(0.1);
    done++;
  });
  await setImmediate();
  const before = done;
  await budget.account().admit();
  assert(done - before <= 20, `it waited for ${done - before} units`);
  await Promise.all(crowd);
});

Deno.test("FairBudget lets an answer continue however much new input there is", async () => {
  const scene = new Scene();
  const begin = Array.from(
    { length: 300 },
    () => scene.work("begins", scene.budget.account(), 1, 1),
  );
  const goesOn = (async () => {
    await scene.budget.account().turn();
    scene.done.push("goes on");
  })();
  await Promise.all([...begin, goesOn]);
  assert(scene.done.indexOf("goes on") < 50, "it came too late");
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
  heavy.charge(100, scene.clock.monotonic());
  const light = Array.from(
    { length: 100 },
    () => scene.work("light", scene.budget.account(), 1, 1),
  );
  await Promise.all([...light, scene.work("heavy", heavy, 1, 1)]);
  assert(scene.done.lastIndexOf("heavy") < scene.done.length - 1, "it came last");
});

Deno.test("FairBudget polls the sockets after every 8 ms of queued work", async () => {
  const scene = new Scene();
  const account = scene.budget.account();
  await scene.work("warm-up", account, 1, 20);
  await scene.work("heavy", account, 80, 1);
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

Deno.test("WorkAccount.goOn() waits only once the turn has taken 8 ms", async () => {
  const { budget, clock } = new Scene();
  const account = budget.account();
  const goOnSoon = () => {
    for (let part = 0; part < 8; part++) {
      const turn = account.goOn();
      if (turn) return turn;
    }
  };
  assertStrictEquals(account.admit(), undefined);
  clock.tick(7);
  assertStrictEquals(goOnSoon(), undefined);
  account.charge(20, clock.monotonic());
  clock.tick(1);
  const turn = goOnSoon();
  assert(turn);
  await turn;
});

Deno.test("WorkAccount.admit() lets more small units than whole ones go ahead at once", async () => {
  const count = async (share: number): Promise<number> => {
    const { budget } = new Scene();
    const turns = Array.from({ length: 200 }, () => budget.account().admit(share));
    await Promise.all(turns);
    return turns.filter((turn) => !turn).length;
  };
  assertEquals(await count(1), 16);
  assertEquals(await count(1 / 4), 64);
});
