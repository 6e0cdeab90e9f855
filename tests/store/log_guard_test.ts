import { assertEquals, assertRejects } from "@std/assert";
import { LogLostError } from "../../lib/domain/log_error.ts";
import { LogGuard } from "../../lib/store/sqlite/log_guard.ts";
import { SqliteMessageLog } from "../../lib/store/sqlite/message_log.ts";
import { SqliteStateStore } from "../../lib/store/sqlite/state_store.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { eventOf } from "../support/room_events.ts";
import { SqliteFile } from "../support/sqlite_file.ts";

/** Accidents to the file at `path`. */
const ACCIDENTS: Readonly<Record<string, (path: string) => void>> = {
  "the log was removed": (path) => Deno.removeSync(path),
  "the log was moved": (path) => Deno.renameSync(path, `${path}.old`),
  "another file took its place": (path) => {
    Deno.copyFileSync(path, `${path}.copy`);
    Deno.renameSync(`${path}.copy`, path);
  },
  "the log was emptied": (path) => Deno.truncateSync(path),
  "its write-ahead file was removed": (path) => Deno.removeSync(`${path}-wal`),
  "its directory was moved": (path) => {
    const directory = path.replace(/\/[^/]*$/, "");
    Deno.renameSync(directory, `${directory}.old`);
  },
};

for (const [accident, happen] of Object.entries(ACCIDENTS)) {
  Deno.test(`LogGuard notices that ${accident}`, async () => {
    await using file = new SqliteFile();
    file.open();
    const guard = new LogGuard(file.path);
    assertEquals(guard.isLost, false);
    happen(file.path);
    assertEquals(guard.isLost, true);
    // For the end of the test.
    Deno.mkdirSync(file.directory, { recursive: true });
  });
}

Deno.test("LogGuard says once that the log is gone, and once that it is back", async () => {
  await using file = new SqliteFile();
  file.open();
  const clock = new FakeClock();
  const guard = new LogGuard(file.path);
  const changes: boolean[] = [];
  guard.onChange = (isLost) => void changes.push(isLost);
  using _watch = guard.watch(clock);
  await clock.advance(3000);
  Deno.renameSync(file.path, `${file.path}.old`);
  await clock.advance(3000);
  assertEquals(changes, [true]);
  Deno.renameSync(`${file.path}.old`, file.path);
  await clock.advance(3000);
  assertEquals(changes, [true, false]);
});

Deno.test("A lost log takes no event and no state until it is back, and is still read", async () => {
  await using file = new SqliteFile();
  const { database } = file.open();
  const guard = new LogGuard(file.path);
  const log = new SqliteMessageLog(database, { guard });
  const state = new SqliteStateStore(database, { guard });
  const add = () =>
    state.update("bank", "ann", (value) => {
      const sum = String(Number(value ?? 0) + 1);
      return { value: sum, result: sum };
    });
  const ask = () => state.update("bank", "ann", (value) => ({ result: value }));
  await log.store([eventOf(1)]);
  await add();
  Deno.renameSync(file.path, `${file.path}.old`);
  await assertRejects(() => log.store([eventOf(2)]), LogLostError);
  await assertRejects(() => log.check(), LogLostError);
  await assertRejects(add, LogLostError);
  assertEquals(await ask(), "1");
  Deno.renameSync(`${file.path}.old`, file.path);
  await log.store([eventOf(2)]);
  assertEquals([await log.lastId(), await add()], [2, "2"]);
});
