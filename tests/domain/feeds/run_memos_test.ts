import { assertEquals, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import { RunMemos } from "../../../lib/domain/feeds/run_memos.ts";
import { eventsOf } from "../../support/room_events.ts";

Deno.test("RunMemos computes a value once for everybody in the room", () => {
  const memos = new RunMemos((run) => run.map(({ id }) => id));
  const run = eventsOf(1, 2);
  assertEquals(memos.of(run), [1, 2]);
  assertStrictEquals(memos.of(run), memos.of(run));
});

Deno.test("RunMemos computes it once more for all slow readers together", () => {
  const memos = new RunMemos((run) => ({ run }));
  const runs = [eventsOf(1, 2), eventsOf(3, 4), eventsOf(5, 6)];
  const live = runs.map((run) => memos.of(run));
  const behind = runs.map((run) => memos.of(run));
  for (const [index, run] of runs.entries()) {
    assertStrictEquals(behind[index].run, run);
    if (run !== runs.at(-1)) assertNotStrictEquals(behind[index], live[index]);
    assertStrictEquals(memos.of(run), behind[index]);
  }
});

Deno.test("RunMemos takes two arrays of the same events for two runs", () => {
  const memos = new RunMemos((run) => run.length);
  const run = eventsOf(1, 2);
  assertEquals(memos.of(run), 2);
  assertEquals(memos.of(run.slice(0, 1)), 1);
  assertEquals(memos.of(run), 2);
});
