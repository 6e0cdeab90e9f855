import { assertEquals, assertLessOrEqual } from "@std/assert";
import { Bank } from "../../lib/service/bank.ts";
import { MemoryStateStore } from "../../lib/store/memory/state_store.ts";
import { SeededRandom } from "../support/random.ts";
import { LineScene, settle } from "./line_scene.ts";
import { TrialStateStore } from "./trial_state_store.ts";

const USAGE = "usage: NAME:dp or NAME:wd";
const NOT_DONE = "! Not done: the server could not store it. Try again later.";

Deno.test("Bank deposits, withdraws and reports as in the tutorial", async () => {
  await using scene = new LineScene(new Bank(new MemoryStateStore()));
  const peer = scene.connect();
  const transcript = [
    ["jack:dp", "jack's money: 1"],
    ["jack:dp", "jack's money: 2"],
    ["jack:look", "jack's money: 2"],
    ["jack:wd", "jack's money: 1"],
    ["jack:wd", "jack has no money!!"],
    ["jack:wd", "jack has no money!!"],
    ["jack:", "jack has no money!!"],
    ["jack", USAGE],
    ["", USAGE],
    ["jack:dp", "jack's money: 1"],
    ["Jack:?", "Jack has no money!!"],
    ["jack :dp", "jack 's money: 1"],
    [":dp", "'s money: 1"],
    ["jack:DP", "jack's money: 1"],
    ["__proto__:dp", "__proto__'s money: 1"],
  ];
  for (const [line, answer] of transcript) assertEquals(await peer.ask(line), answer);
});

Deno.test("Bank answers everything sent by a peer that ends its side", async () => {
  await using scene = new LineScene(new Bank(new MemoryStateStore()));
  const answers = await scene.exchange("a:dp", "a:dp", "b:wd", "a:wd");
  assertEquals(answers, ["a's money: 1", "a's money: 2", "b has no money!!", "a's money: 1"]);
});

Deno.test("Bank keeps no account for a name that never had money", async () => {
  const state = new MemoryStateStore();
  await using scene = new LineScene(new Bank(state));
  await scene.exchange("a:wd", "b:hello", "c:dp");
  assertEquals([...await state.all("bank")], [["c", "1"]]);
});

Deno.test("Bank continues from the stored balance", async () => {
  const state = new MemoryStateStore();
  await using before = new LineScene(new Bank(state));
  await before.exchange("jack:dp", "jack:dp");
  await using after = new LineScene(new Bank(state));
  assertEquals(await after.exchange("jack:dp"), ["jack's money: 3"]);
});

Deno.test("Bank does nothing for a line that was cut", async () => {
  await using scene = new LineScene(new Bank(new MemoryStateStore()), { maxLineBytes: 10 });
  assertEquals(await scene.exchange("jackjack:dp", "jackjack:d"), [
    "! That line is longer than 10 bytes and was not read. Send a shorter one.",
    "jackjack has no money!!",
  ]);
});

Deno.test("Bank reports a failed store, changes nothing, and recovers", async () => {
  const state = new TrialStateStore();
  await using scene = new LineScene(new Bank(state));
  const peer = scene.connect();
  assertEquals(await peer.ask("jack:dp"), "jack's money: 1");
  state.isFull = true;
  assertEquals([await peer.ask("jack:dp"), await peer.ask("jack:dp")], [NOT_DONE, NOT_DONE]);
  assertEquals(await peer.ask("jack"), USAGE);
  state.isFull = false;
  assertEquals(await peer.ask("jack:dp"), "jack's money: 2");
});

Deno.test("Bank loses no change of many clients at once, even if some disconnect", async () => {
  const state = new MemoryStateStore();
  await using scene = new LineScene(new Bank(state));
  const peers = Array.from({ length: 20 }, () => scene.connect());
  const lines = Array.from({ length: 50 }, () => "pot:dp");
  for (const peer of peers) peer.send(...lines);
  await peers[0].vanish();
  const rest = peers.slice(1);
  await Promise.all(rest.map((peer) => peer.finish()));

  const balances = rest.flatMap((peer) => peer.lines.map((line) => Number(line.split(": ")[1])));
  assertEquals([balances.length, new Set(balances).size], [19 * 50, 19 * 50]);
  for (const { lines } of rest) {
    const own = lines.map((line) => Number(line.split(": ")[1]));
    assertEquals(own, own.toSorted((a, b) => a - b));
  }
  // A client may have deposited without getting the answer.
  const balance = Number((await state.all("bank")).get("pot"));
  assertEquals([balance >= 19 * 50, balance <= 20 * 50], [true, true]);
});

Deno.test("Bank stops reading a peer that does not read, and answers others", async () => {
  const outboxBytes = 16 * 1024;
  const state = new MemoryStateStore();
  await using scene = new LineScene(new Bank(state), { outboxBytes });
  const [slow, quick] = [scene.connect(), scene.connect()];
  slow.pause();
  const name = "n".repeat(1000);
  slow.send(...Array.from({ length: 200 }, () => `${name}:dp`));
  await settle(500);
  assertLessOrEqual(slow.session.outbox.queuedBytes, outboxBytes / 4 + 1100);
  const done = Number((await state.all("bank")).get(name));
  assertLessOrEqual(done, 40);
  assertEquals(await quick.ask("jack:dp"), "jack's money: 1");

  slow.resume();
  assertEquals(
    await slow.finish(),
    Array.from({ length: 200 }, (_, index) => `${name}'s money: ${index + 1}`),
  );
});

Deno.test("Bank answers any line according to the table", async () => {
  const random = new SeededRandom(5);
  const pieces = ["jack", "j", ":", "dp", "wd", " ", "é", "\0", "\x1b[", "!", "'"];
  const lines = Array.from(
    { length: 3000 },
    () => Array.from({ length: random.int(5) }, () => random.pick(pieces)).join(""),
  );
  const balances = new Map<string, number>();
  const expected = lines.map((line) => {
    const [name, ...rest] = line.split(":");
    if (rest.length === 0) return USAGE;
    const balance = balances.get(name) ?? 0;
    const steps: Record<string, number> = { dp: 1, wd: balance > 0 ? -1 : 0 };
    const after = balance + (steps[rest.join(":")] ?? 0);
    balances.set(name, after);
    return after === 0 ? `${name} has no money!!` : `${name}'s money: ${after}`;
  });
  await using scene = new LineScene(new Bank(new MemoryStateStore()));
  assertEquals(await scene.exchange(...lines), expected);
});
