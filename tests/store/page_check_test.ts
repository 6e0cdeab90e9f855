import { assertEquals } from "@std/assert";
import { SqliteSweep } from "../../lib/store/sqlite/sweep.ts";
import { PageChecker } from "../../lib/store/sqlite/verify/page_check.ts";
import { draftOf } from "../support/room_events.ts";
import { SearchableLog } from "../support/searchable_log.ts";

/** Two rooms in some hundred runs, more than a page. */
async function twoRooms(): Promise<SearchableLog> {
  const file = new SearchableLog();
  for (let number = 0; number < 600; number++) {
    await file.append(draftOf(number % 3 ? "tea" : "log", `line ${number}`));
  }
  return file;
}

/** All faults found page by page, and whether a check of the end finds any. */
function faultsIn({ database }: SearchableLog): { faults: string[]; hasBadEnd: boolean } {
  const checker = new PageChecker(database);
  const faults: string[] = [];
  let page = checker.check(0);
  for (; !page.isLast; page = checker.check(page.through)) faults.push(...page.faults);
  faults.push(...page.faults);
  return { faults, hasBadEnd: checker.checkEnd().length > 0 };
}

/** The faults after damage done with SQL. */
async function faultsAfter(sql: string): Promise<ReturnType<typeof faultsIn>> {
  await using file = await twoRooms();
  file.database.exec(sql);
  return faultsIn(file);
}

Deno.test("PageChecker finds no fault in a good log, or in an empty one", async () => {
  assertEquals(await faultsAfter(""), { faults: [], hasBadEnd: false });
  await using file = new SearchableLog();
  assertEquals(faultsIn(file), { faults: [], hasBadEnd: false });
});

Deno.test("PageChecker does not take swept events for missing ones", async () => {
  await using file = await twoRooms();
  const sweep = new SqliteSweep(file.database);
  const goal = { now: file.now, before: 0, bytes: 10_000 };
  const [{ id }] = await sweep.extents(0, 1);
  while (await sweep.sweep(id, goal));
  assertEquals(faultsIn(file), { faults: [], hasBadEnd: false });
});

Deno.test("PageChecker finds missing events, at the end of a room by their number", async () => {
  assertEquals(await faultsAfter("DELETE FROM run WHERE id IN (10, 11)"), {
    faults: ["tea#7 is missing", "log#4 is missing"],
    hasBadEnd: false,
  });
  assertEquals(await faultsAfter("DELETE FROM run WHERE id = 598 OR id < 2"), {
    faults: ["log#1 is missing", "1 event missing at the end of a room"],
    hasBadEnd: true,
  });
});

Deno.test("PageChecker finds wrong numbers, sizes and texts", async () => {
  assertEquals((await faultsAfter("UPDATE run SET seq = 999 WHERE id = 600")).faults, [
    "tea#400 to tea#998 are missing, 599 events",
  ]);
  assertEquals((await faultsAfter("UPDATE run SET count = 2 WHERE id = 300")).faults, [
    "tea#200: its text cannot be read",
    "log#101: event 301 exists twice",
    "tea#201 exists twice",
  ]);
  assertEquals(await faultsAfter("UPDATE run SET total = 0 WHERE id = 600"), {
    faults: ["tea#400: the size of the room is wrong"],
    hasBadEnd: true,
  });
  assertEquals(await faultsAfter("UPDATE run SET bodies = '[' WHERE id = 599"), {
    faults: ["tea#399: its text cannot be read"],
    hasBadEnd: true,
  });
  assertEquals((await faultsAfter("UPDATE run SET room_id = 9 WHERE id = 1")).faults, [
    "event 1 belongs to a room that does not exist (9)",
    "log#1 is missing",
  ]);
});

Deno.test("PageChecker checks the end of the log however slow the machine is", async () => {
  await using file = await twoRooms();
  file.database.exec("UPDATE run SET total = 0 WHERE id = 600");
  let now = 0;
  const checker = new PageChecker(file.database, { monotonic: () => now += 1000 });
  assertEquals(checker.checkEnd(), ["tea#400: the size of the room is wrong"]);
  assertEquals(checker.check(0).through, 1);
});

Deno.test("PageChecker finds overwritten pages of every table and index", async () => {
  for (const name of ["run", "run_by_room", "room", "state"]) {
    await using file = await twoRooms();
    file.database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    const { rootpage } = file.database.prepare(
      "SELECT rootpage FROM sqlite_schema WHERE name = ?",
    ).get(name)!;
    {
      using bytes = Deno.openSync(file.path, { write: true });
      bytes.seekSync(((rootpage as number) - 1) * 4096, Deno.SeekMode.Start);
      bytes.writeSync(new Uint8Array(4096).fill(0x5a));
    }
    file.database.exec("PRAGMA shrink_memory");
    const { faults } = faultsIn(file);
    assertEquals([name, faults.some((fault) => /malformed|error/.test(fault))], [name, true]);
  }
});
