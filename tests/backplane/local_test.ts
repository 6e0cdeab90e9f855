import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { Clock } from "../../lib/clock.ts";
import { LocalSequencer } from "../../lib/backplane/local.ts";
import type { RoomEvent } from "../../lib/domain/room_event.ts";
import { nextTurn } from "../support/fake_clock.ts";
import { SeededRandom } from "../support/random.ts";
import { draftOf } from "../support/room_events.ts";
import { SqliteFile } from "../support/sqlite_file.ts";
import { type AppendableLog, TrialLog } from "../support/trial_log.ts";
import { FakeListener, testRefusal, testSequencer } from "./sequencer_contract.ts";

const create = (log: AppendableLog, clock: Clock) => new LocalSequencer(log, clock);

const inMemory = () => {
  const log = new TrialLog();
  return { log, [Symbol.asyncDispose]: () => log.close() };
};
const onSqlite = () => {
  const file = new SqliteFile();
  return { log: file.open().log, [Symbol.asyncDispose]: () => file[Symbol.asyncDispose]() };
};
for (const test of [testSequencer, testRefusal]) {
  test("LocalSequencer on a log in memory", create, inMemory);
  test("LocalSequencer on SQLite", create, onSqlite);
}

function setUp<Log extends TrialLog>(log: Log) {
  const sequencer = new LocalSequencer(log);
  const listener = new FakeListener();
  sequencer.listen(listener);
  const submit = (body: string) => sequencer.submit(draftOf("lobby", body));
  return { log, sequencer, listener, submit };
}

Deno.test("LocalSequencer commits the drafts of one turn in one transaction", async () => {
  const { log, sequencer, submit } = setUp(new TrialLog());
  submit("one");
  submit("two");
  await Promise.resolve();
  submit("three");
  await sequencer.settled();
  submit("four");
  await sequencer.settled();
  assertEquals(log.batches, [["one", "two", "three"], ["four"]]);
});

Deno.test("LocalSequencer delivers the array that it stored, not a copy", async () => {
  const { log, sequencer, listener, submit } = setUp(new TrialLog());
  const given: unknown[] = [];
  log.beforeStoring = (events) => void given.push(events);
  submit("one");
  submit("two");
  await sequencer.settled();
  assertStrictEquals(listener.calls[0], given[0]);
});

Deno.test("LocalSequencer delivers a crowd that joins at once in several turns", async () => {
  const { sequencer, listener } = setUp(new TrialLog());
  for (let origin = 0; origin < 1000; origin++) {
    sequencer.submit({ room: "lobby", kind: "join", from: `p${origin}`, body: "", origin });
  }
  await sequencer.settled();
  assertEquals(listener.calls.flat().length, 1000);
  assert(listener.calls.length >= 8, `${listener.calls.length} parts`);
});

Deno.test("LocalSequencer refuses exactly the drafts of a failed batch", async () => {
  const { log, sequencer, listener, submit } = setUp(new TrialLog());
  log.beforeStoring = (events) => {
    log.isFull = events.some(({ body }) => body === "bad");
  };
  for (const body of ["one", "bad", "two"]) {
    submit(body);
    await sequencer.settled();
  }
  submit("three");
  submit("bad");
  await sequencer.settled();
  submit("four");
  await sequencer.settled();
  assertEquals(listener.bodies, ["one", "two", "four"]);
  assertEquals(listener.refusals.map((drafts) => drafts.map(({ body }) => body)), [
    ["bad"],
    ["three", "bad"],
  ]);
  assertEquals(listener.events.map(({ seq }) => seq), [1, 2, 3]);
});

Deno.test("LocalSequencer stores one batch at a time, however slow the log", async () => {
  let under = 0;
  let most = 0;
  class CountingLog extends TrialLog {
    override async store(events: readonly RoomEvent[]): Promise<void> {
      most = Math.max(most, ++under);
      await super.store(events);
      under--;
    }
  }
  const { log, sequencer, listener, submit } = setUp(new CountingLog());
  log.hesitation = new SeededRandom(21);
  const bodies = Array.from({ length: 200 }, (_, number) => `${number}`);
  for (const body of bodies) {
    submit(body);
    if (Number(body) % 3 === 0) await nextTurn();
  }
  await sequencer.settled();
  assertEquals([most, listener.bodies], [1, bodies]);
});
