import { assertEquals } from "@std/assert";
import { Replica } from "../../../lib/backplane/replica.ts";
import { ReplicatedSequencer } from "../../../lib/backplane/replicated_sequencer.ts";
import { DecidedSweeper } from "../../../lib/domain/retention/decided_sweeper.ts";
import { RetentionRules } from "../../../lib/domain/retention/retention.ts";
import { SqliteStateStore } from "../../../lib/store/sqlite/state_store.ts";
import { SqliteSweep } from "../../../lib/store/sqlite/sweep.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { MemoryStream } from "../../support/memory_stream.ts";
import { draftOf, numbersOf } from "../../support/room_events.ts";
import { SqliteFile } from "../../support/sqlite_file.ts";

const RULES = new RetentionRules(new Map([["tea", { maxBytes: 2000 }]]));

async function open(stream: MemoryStream, clock: FakeClock, node: string, isDecider: boolean) {
  const stack = new AsyncDisposableStack();
  const file = stack.use(new SqliteFile());
  const { log, database } = file.open({ clock });
  const state = new SqliteStateStore(database, { clock });
  const replica = await Replica.open({ log, state });
  const sequencer = stack.use(
    new ReplicatedSequencer({ stream: stream.connect(), replica, log, node, clock }),
  );
  await sequencer.catchUp();
  await sequencer.start();
  const sweep = () =>
    new DecidedSweeper({
      log: new SqliteSweep(database),
      sequencer,
      rules: RULES,
      isDecider: () => isDecider,
      clock,
    });
  return {
    log,
    database,
    sequencer,
    replica,
    sweep,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

Deno.test("DecidedSweeper removes the same on all nodes, with one gap, however they stored it", async () => {
  const clock = new FakeClock();
  const stream = new MemoryStream({ clock });
  await using a = await open(stream, clock, "a", true);
  for (let number = 1; number <= 60; number++) {
    a.sequencer.submit(draftOf("tea", `line ${number}`.padEnd(50), { origin: 1 }));
    // In entries of three, all of them at one time.
    if (number % 3 === 0) await a.sequencer.settled();
  }
  // It applies all entries together.
  await using b = await open(stream, clock, "b", false);
  const runs = [a, b].map(({ database }) =>
    database.prepare("SELECT id, count FROM run ORDER BY id").all()
  );
  assertEquals(runs[1], runs[0], "the same rows");
  {
    await using _first = a.sweep();
    await using _second = b.sweep();
    for (let round = 0; round < 30; round++) await clock.advance(1000);
  }
  const [left, other] = await Promise.all([a, b].map(({ log }) => log.read("tea", 0, 100)));
  assertEquals(other, left);
  const gaps = left.filter(({ kind }) => kind === "gap");
  assertEquals(gaps.length, 1);
  const { first, last } = gaps[0].fields as { first: number; last: number };
  assertEquals([first, numbersOf(left)[0]], [1, last + 1]);
  assertEquals(last % 3, 0, "whole entries");
});
