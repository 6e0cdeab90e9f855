import { assertEquals } from "@std/assert";
import { FairBudget } from "../../lib/server/fair_budget.ts";
import type { LineBatch } from "../../lib/server/framer.ts";
import { LineCursor } from "../../lib/server/line_cursor.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** A cursor over lines that all have arrived, on a machine so busy that each waits for its turn. */
function busyCursor(lines: readonly string[]): LineCursor {
  const clock = new FakeClock();
  const batches: LineBatch[] = [{ lines: [...lines], damage: undefined }];
  const account = new FairBudget({ clock }).account();
  const work = Object.assign(Object.create(account), { goOn: () => Promise.resolve() });
  return new LineCursor({ read: () => Promise.resolve(batches.shift()) }, { clock, work });
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
