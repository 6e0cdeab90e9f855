import { assertEquals } from "@std/assert";
import { runInConnection } from "../../../lib/context.ts";
import { FairBudget } from "../../../lib/server/fairness/fair_budget.ts";
import { FloodGuard, type FloodLimits } from "../../../lib/server/fairness/flood_guard.ts";
import type { LineBatch } from "../../../lib/server/framing/framer.ts";
import { LineCursor } from "../../../lib/server/framing/line_cursor.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** A cursor over lines that all have arrived, on a machine so busy that each waits for its turn. */
function busyCursor(lines: readonly string[], limits?: FloodLimits): LineCursor {
  const clock = new FakeClock();
  const guard = limits && new FloodGuard({ ...limits, clock });
  const batches: LineBatch[] = [{ lines: [...lines], damage: undefined }];
  const account = new FairBudget({ clock }).account();
  const work = Object.assign(Object.create(account), { goOn: () => Promise.resolve() });
  return new LineCursor({ read: () => Promise.resolve(batches.shift()) }, { clock, work, guard });
}

async function take(cursor: LineCursor, most = Infinity): Promise<string[]> {
  const taken: string[] = [];
  while (taken.length < most) {
    const { done, value } = await cursor.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}

Deno.test("LineCursor.cut() lets a few lines through on a busy machine", async () => {
  const cursor = busyCursor(["bot", "deployed 4.2", "all is well"]);
  assertEquals(await take(cursor, 1), ["bot"]);
  cursor.cut();
  assertEquals(await take(cursor), ["deployed 4.2", "all is well"]);
});

Deno.test("LineCursor.cut() ends thousands of lines after a few turns", async () => {
  const lines = Array.from({ length: 5000 }, (_, number) => `${number}`);
  const cursor = busyCursor(lines);
  await take(cursor, 1);
  cursor.cut();
  const taken = await take(cursor);
  assertEquals(taken, lines.slice(1, taken.length + 1));
  assertEquals(taken.length, 20);
  assertEquals(cursor.remaining, lines.slice(21));
});

Deno.test("LineCursor.cut() ends after the first block that would have to wait", async () => {
  const cursor = busyCursor(["1", "2", "3"], { rate: 1, burst: 1 });
  await runInConnection({ connection: 1, transport: "tcp", remote: "192.0.2.1:1" }, async () => {
    cursor.isInBlock = true;
    assertEquals(await take(cursor, 1), ["1"]);
    cursor.cut();
    assertEquals(cursor.paceBlock(1), undefined);
    assertEquals(await take(cursor, 1), ["2"]);
    assertEquals(cursor.paceBlock(1), undefined);
    assertEquals(await take(cursor), []);
  });
});

Deno.test("LineCursor.nextNow() returns what came together, and nothing that is still to come", async () => {
  const clock = new FakeClock();
  const batches = [["a", "b", "c"], ["d"]].map((lines): LineBatch => ({
    lines,
    damage: undefined,
  }));
  const work = new FairBudget({ clock }).account();
  const cursor = new LineCursor({ read: () => Promise.resolve(batches.shift()) }, { clock, work });
  assertEquals(cursor.nextNow(), undefined);
  assertEquals(await take(cursor, 1), ["a"]);
  assertEquals([cursor.nextNow(), cursor.nextNow(), cursor.nextNow()], ["b", "c", undefined]);
  assertEquals(await take(cursor), ["d"]);
});

Deno.test("LineCursor.nextNow() leaves a line that has to wait to next()", async () => {
  const cursor = busyCursor(["a", "b", "c"]);
  await take(cursor, 1);
  assertEquals([cursor.nextNow(), cursor.nextNow()], [undefined, undefined]);
  assertEquals(await take(cursor), ["b", "c"]);
});

Deno.test("LineCursor.nextNow() returns nothing after the end", async () => {
  const cursor = busyCursor(["a", "b"]);
  await take(cursor, 1);
  cursor.end();
  assertEquals(cursor.nextNow(), undefined);
  assertEquals(cursor.remaining, ["b"]);
});
