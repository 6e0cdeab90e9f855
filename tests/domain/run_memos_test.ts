import { assertEquals, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import { RunMemos } from "../../lib/domain/run_memos.ts";
import { eventsOf } from "../support/room_events.ts";

Deno.test("RunMemos makes something of a run once for everybody in the room", () => {
  const memos = new RunMemos((run) => run.map(({ id }) => id));
  const run = eventsOf(1, 2);
  assertEquals(memos.of(run), [1, 2]);
  assertStrictEquals(memos.of(run), memos.of(run));
});

Deno.test("RunMemos makes it once more for those who are behind, and once for all of them", () => {
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
