import { assertEquals, assertMatch } from "@std/assert";
import { StateExpiry } from "../../../lib/domain/retention/state_expiry.ts";
import { PERSON_STATE, PersonStore } from "../../../lib/service/chat/person_store.ts";
import { SqliteStateStore } from "../../../lib/store/sqlite/state_store.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { RecordedLog } from "../../support/recorded_log.ts";
import { SqliteFile } from "../../support/sqlite_file.ts";

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/** A store that records how many values each step removed. */
class CountingStore extends SqliteStateStore {
  readonly steps: number[] = [];
  failure: Error | undefined;

  override async removeUnused(...args: Parameters<SqliteStateStore["removeUnused"]>) {
    if (this.failure) throw this.failure;
    const count = await super.removeUnused(...args);
    if (count > 0) this.steps.push(count);
    return count;
  }
}

function open(file: SqliteFile) {
  const recorded = new RecordedLog("info");
  const { lines } = recorded;
  const clock = new FakeClock();
  const state = new CountingStore(file.open().database, { clock });
  const people = new PersonStore(state);
  const see = (name: string) =>
    people.remember({ nickname: name }, { marks: new Map([["lobby", 1]]) });
  const count = async () => (await state.all(PERSON_STATE.service)).size;
  const dispose = () => recorded[Symbol.dispose]();
  return { clock, state, people, see, count, lines, [Symbol.dispose]: dispose };
}

Deno.test("StateExpiry removes people unused for 180 days in small steps, and nothing else", async () => {
  await using file = new SqliteFile();
  using scene = open(file);
  const { clock, state, people, see, count, lines } = scene;
  await Promise.all(Array.from({ length: 250 }, (_, index) => see(`guest${index}`)));
  for (const service of ["bank", "todo", "jobs"]) {
    await state.update(service, "key", () => ({ value: "1", result: 0 }));
  }
  await see("jack");
  await clock.advance(100 * DAY);
  assertEquals((await people.recall({ nickname: "jack" })).marks.get("lobby"), 1);
  await using _expiry = new StateExpiry({ ...PERSON_STATE, state, clock });
  await clock.advance(79 * DAY);
  assertEquals([await count(), state.steps], [251, []]);

  await clock.advance(2 * DAY);
  assertEquals([await count(), state.steps], [1, [100, 100, 50]]);
  assertMatch(lines.join("\n"), /Removed 250 values of chat unused for 180 days/);
  assertEquals((await people.recall({ nickname: "jack" })).marks.get("lobby"), 1);
  for (const service of ["bank", "todo", "jobs"]) assertEquals((await state.all(service)).size, 1);
});

Deno.test("StateExpiry tries again after a failure, and logs it once", async () => {
  await using file = new SqliteFile();
  using scene = open(file);
  const { clock, state, see, count, lines } = scene;
  await see("jack");
  await clock.advance(200 * DAY);
  state.failure = new Error("database or disk is full");
  await using _expiry = new StateExpiry({ ...PERSON_STATE, state, clock });
  await clock.advance(3 * HOUR);
  assertEquals(lines.map((line) => line.replace(/^\S+ /, "")), [
    "warning state: Cannot remove unused state, will try again: database or disk is full",
  ]);
  state.failure = undefined;
  await clock.advance(HOUR);
  assertEquals(await count(), 0);
});

Deno.test("PersonStore keeps no record of people who have no settings and no marks left", async () => {
  await using file = new SqliteFile();
  using scene = open(file);
  const { people, see, count } = scene;
  await people.remember({ nickname: "jack" }, { settings: new Map([["time", "off"]]) });
  await people.remember({ nickname: "ann" }, { settings: new Map() });
  await see("bob");
  assertEquals(await count(), 2);
  await people.remember({ nickname: "jack" }, { settings: new Map() });
  await people.remember({ nickname: "bob" }, { settings: new Map() });
  assertEquals(await count(), 1);
});
