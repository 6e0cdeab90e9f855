import { assertEquals, assertRejects } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { MemoryStateStore } from "../../lib/store/memory/state_store.ts";
import { SqliteStateStore } from "../../lib/store/sqlite/state_store.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { NotingDatabase } from "../support/noting_database.ts";
import { draftOf } from "../support/room_events.ts";
import { SqliteFile } from "../support/sqlite_file.ts";
import { testStateStore } from "./state_store_contract.ts";

const HOUR = 60 * 60 * 1000;

testStateStore("MemoryStateStore", (clock) => {
  return { store: new MemoryStateStore(clock), [Symbol.asyncDispose]: async () => {} };
});

testStateStore("SqliteStateStore", (clock) => {
  const file = new SqliteFile();
  const store = new SqliteStateStore(file.open().database, { clock });
  return { store, [Symbol.asyncDispose]: () => file[Symbol.asyncDispose]() };
});

function set(store: SqliteStateStore, key: string, value: string): Promise<void> {
  return store.update("s", key, () => ({ value, result: undefined }));
}

/** The values on disk, as another process would see them now. */
function stored(file: SqliteFile): unknown[] {
  using database = new DatabaseSync(file.path, { readOnly: true });
  const rows = database.prepare("SELECT key, value FROM state ORDER BY id").all();
  return rows.map(({ key, value }) => [key, value]);
}

Deno.test("SqliteStateStore.update() resolves after a commit that one turn shares", async () => {
  await using file = new SqliteFile();
  file.open();
  using database = new NotingDatabase(file.path);
  const store = new SqliteStateStore(database);
  const seen = await Promise.all(["a", "b", "c"].map(async (key) => {
    await set(store, key, "1");
    return stored(file);
  }));
  assertEquals(database.commits, 1);
  const all = [["a", "1"], ["b", "1"], ["c", "1"]];
  assertEquals(seen, [all, all, all]);

  await set(store, "a", "2");
  assertEquals(database.commits, 2);
});

Deno.test("SqliteStateStore.update() shows no other connection an uncommitted change", async () => {
  await using file = new SqliteFile();
  const store = new SqliteStateStore(file.open().database);
  let during: unknown;
  await Promise.all([
    set(store, "a", "1"),
    store.update("s", "b", () => {
      during = stored(file);
      return { result: undefined };
    }),
  ]);
  assertEquals(during, []);
});

Deno.test("SqliteStateStore keeps its values after reopening", async () => {
  await using file = new SqliteFile();
  const { log, database } = file.open();
  const store = new SqliteStateStore(database);
  await Promise.all([set(store, "z", "1"), set(store, "a", "2")]);
  await log.close();

  const again = new SqliteStateStore(file.open().database);
  await set(again, "m", "3");
  assertEquals([...await again.all("s")], [["z", "1"], ["a", "2"], ["m", "3"]]);
});

Deno.test("SqliteStateStore shares its connection with a log that is writing", async () => {
  await using file = new SqliteFile();
  const { log, database } = file.open();
  const store = new SqliteStateStore(database);
  for (let round = 0; round < 20; round++) {
    const [, events] = await Promise.all([
      store.update("s", "count", (value) => ({ value: `${Number(value ?? 0) + 1}`, result: 0 })),
      log.append([draftOf("tea", "x"), draftOf("tea", "y")]),
    ]);
    assertEquals(events.length, 2);
  }
  assertEquals(stored(file), [["count", "20"]]);
  assertEquals((await log.read("tea", 0, 100)).length, 40);
});

Deno.test("SqliteStateStore.update() on a full disk refuses a whole turn and recovers", async () => {
  await using file = new SqliteFile();
  const { database } = file.open();
  const store = new SqliteStateStore(database);
  await set(store, "a", "old");
  const { page_count: pages } = database.prepare("PRAGMA page_count").get()!;
  database.exec(`PRAGMA max_page_count = ${pages}`);
  const attempt = () => [set(store, "a", "new"), set(store, "big", "x".repeat(100_000))];
  for (let round = 0; round < 3; round++) {
    const [small, big] = attempt();
    await assertRejects(() => small, Error, "database or disk is full");
    await assertRejects(() => big, Error, "database or disk is full");
  }
  assertEquals(database.isTransaction, false);
  assertEquals(stored(file), [["a", "old"]]);

  database.exec("PRAGMA max_page_count = 1000000");
  await Promise.all(attempt());
  assertEquals((await store.all("s")).get("a"), "new");
});

// SQLite itself rolls back in one case, the store in the other.
for (const action of ["ABORT", "ROLLBACK"]) {
  Deno.test(`SqliteStateStore.update() keeps nothing of a turn if a write fails with ${action}`, async () => {
    await using file = new SqliteFile();
    const { database } = file.open();
    const store = new SqliteStateStore(database);
    database.exec(`CREATE TEMP TRIGGER refuse BEFORE INSERT ON state WHEN NEW.value = 'bad'
      BEGIN SELECT RAISE(${action}, 'the disk says no'); END`);
    const updates = [set(store, "a", "1"), set(store, "b", "bad"), set(store, "c", "1")];
    for (const update of updates) await assertRejects(() => update, Error, "the disk says no");
    assertEquals([database.isTransaction, stored(file)], [false, []]);
    await set(store, "d", "1");
    assertEquals(stored(file), [["d", "1"]]);
  });
}

Deno.test("SqliteStateStore.update() rejects while another connection is writing", async () => {
  await using file = new SqliteFile();
  const store = new SqliteStateStore(file.open().database);
  const { database: other } = file.open();
  other.exec("BEGIN IMMEDIATE");
  await assertRejects(() => set(store, "a", "1"), Error, "database is locked");
  other.exec("ROLLBACK");
  await set(store, "a", "2");
  assertEquals(stored(file), [["a", "2"]]);
});

Deno.test("SqliteStateStore.update() rejects after the file was closed", async () => {
  await using file = new SqliteFile();
  const { log, database } = file.open();
  const store = new SqliteStateStore(database);
  const last = set(store, "a", "1");
  await log.close();
  await assertRejects(() => last, Error, "finalized");
  assertEquals(stored(file), []);
});

Deno.test("SqliteStateStore reports writes, but not reads, to the checkpointer", async () => {
  await using file = new SqliteFile();
  const sizes: number[] = [];
  const checkpointer = { wrote: (bytes: number) => void sizes.push(bytes) };
  const store = new SqliteStateStore(file.open().database, { checkpointer });
  await set(store, "a", "x".repeat(10_000));
  await store.update("s", "a", () => ({ result: undefined }));
  assertEquals(sizes.map((size) => size >= 10_000), [true]);
});

Deno.test("page() reads a few values of a service in the order of their keys, in all stores", async () => {
  await using file = new SqliteFile();
  const stores = [new MemoryStateStore(), new SqliteStateStore(file.open().database)];
  for (const store of stores) {
    for (const key of ["p10", "q", "p1", "p2\0x"]) {
      await store.update("s", key, () => ({ value: `of ${key}`, result: undefined }));
    }
    await store.update("t", "p15", () => ({ value: "of another service", result: undefined }));
    assertEquals([...store.page("s", "", 2)], [["p1", "of p1"], ["p10", "of p10"]]);
    assertEquals([...store.page("s", "p10\0", 2)], [["p2\0x", "of p2\0x"], ["q", "of q"]]);
    assertEquals([...store.page("s", "q\0", 2)], []);
  }
});

Deno.test("SqliteStateStore finds values and services by index", async () => {
  await using file = new SqliteFile();
  file.open();
  using database = new NotingDatabase(file.path);
  new SqliteStateStore(database);
  const selects = database.prepared.filter((sql) => sql.startsWith("SELECT"));
  const plans = selects.map((sql) => database.plan(sql)[0]);
  assertEquals(plans, [
    "SEARCH state USING INDEX sqlite_autoindex_state_1 (service=? AND key=?)",
    "SEARCH state USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH state USING COVERING INDEX state_by_use (service=? AND used<?)",
    "SCAN state USING COVERING INDEX state_by_use",
    "SEARCH state USING INDEX sqlite_autoindex_state_1 (service=? AND key>?)",
    "SEARCH state USING INDEX state_by_use (service=?)",
  ]);
});

Deno.test("SqliteStateStore.update() notes a use once a day, and reads even on a full disk", async () => {
  await using file = new SqliteFile();
  file.open();
  using database = new NotingDatabase(file.path);
  const clock = new FakeClock();
  const store = new SqliteStateStore(database, { clock });
  await set(store, "a", "1");
  const read = () => store.update("s", "a", (value) => ({ result: value }));
  for (let hour = 1; hour < 24; hour++) {
    await clock.advance(HOUR);
    await read();
  }
  assertEquals(database.commits, 1); // reading takes no transaction
  await clock.advance(HOUR);
  await read();
  assertEquals(database.commits, 2);

  database.exec(`CREATE TEMP TRIGGER full BEFORE UPDATE ON state
    BEGIN SELECT RAISE(ROLLBACK, 'database or disk is full'); END`);
  await clock.advance(48 * HOUR);
  assertEquals(await read(), "1");
  database.exec("DROP TRIGGER full");
  const used = () => database.prepare("SELECT used FROM state").get()!.used;
  assertEquals(used(), clock.now() - 48 * HOUR);
  await read();
  assertEquals(used(), clock.now());
});
