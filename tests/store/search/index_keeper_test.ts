import { assertEquals, assertThrows } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { IndexKeeper } from "../../../lib/store/sqlite/search/index_keeper.ts";
import { draftOf } from "../../support/room_events.ts";
import { SearchableLog } from "../../support/searchable_log.ts";

function keeperOf(file: SearchableLog) {
  const reasons: string[] = [];
  const paths = { log: file.path, index: file.indexPath };
  return { reasons, keeper: new IndexKeeper(paths, (reason) => reasons.push(reason)) };
}

/** Overwrites a file from its second page on. */
function scribble(path: string): void {
  using file = Deno.openSync(path, { write: true });
  const { size } = Deno.statSync(path);
  file.seekSync(4096, Deno.SeekMode.Start);
  file.writeSync(new Uint8Array(Math.max(size - 4096, 4096)).fill(0x5a));
}

Deno.test("IndexKeeper creates an index, and continues one that exists", async () => {
  await using file = new SearchableLog();
  await file.append(draftOf("tea", "one"));
  const first = keeperOf(file);
  assertEquals(first.keeper.step(), { events: 1, through: 1, isFull: false });
  first.keeper.close();
  await file.append(draftOf("tea", "two"));
  const second = keeperOf(file);
  assertEquals(second.keeper.step(), { events: 1, through: 2, isFull: false });
  second.keeper.close();
  assertEquals([first.reasons, second.reasons], [[], []]);
});

Deno.test("IndexKeeper rebuilds an index that is not a database, is damaged, or is of another version or log", async () => {
  const damages: Record<string, (path: string) => void> = {
    "file is not a database": (path) => Deno.writeTextFileSync(path, "no database ".repeat(1000)),
    "vtable constructor failed: word": scribble,
    "it is of another version": (path) => {
      using index = new DatabaseSync(path);
      index.exec("PRAGMA user_version = 99");
    },
    "it belongs to another log": (path) => {
      using index = new DatabaseSync(path);
      index.exec("UPDATE progress SET at = at + 1");
    },
  };
  for (const [reason, damage] of Object.entries(damages)) {
    await using file = new SearchableLog();
    for (let number = 0; number < 200; number++) await file.append(draftOf("tea", `word${number}`));
    file.index();
    damage(file.indexPath);
    const { keeper, reasons } = keeperOf(file);
    assertEquals(keeper.step(), { events: 200, through: 200, isFull: false }, reason);
    keeper.close();
    assertEquals(reasons, [reason]);
    assertEquals(file.find("word77"), [78], reason);
  }
});

Deno.test("IndexKeeper.rebuild() rebuilds the index", async () => {
  await using file = new SearchableLog();
  await file.append(draftOf("tea", "one"));
  const { keeper, reasons } = keeperOf(file);
  keeper.step();
  keeper.rebuild("a search found it damaged");
  assertEquals(keeper.step(), { events: 1, through: 1, isFull: false });
  keeper.close();
  assertEquals(reasons, ["a search found it damaged"]);
});

Deno.test("IndexKeeper does not rebuild the index again and again when the log is damaged", async () => {
  await using file = new SearchableLog();
  await file.append(draftOf("tea", "one"));
  let now = 0;
  const reasons: string[] = [];
  const paths = { log: file.path, index: file.indexPath };
  const keeper = new IndexKeeper(paths, (reason) => reasons.push(reason), {
    monotonic: () => now,
  });
  keeper.step();
  file.database.exec("ALTER TABLE run RENAME TO lost");
  for (const minutes of [0, 5, 9, 11]) {
    now = minutes * 60_000;
    assertThrows(() => keeper.step(), Error, "no such table: run");
  }
  keeper.close();
  assertEquals(reasons, ["no such table: run", "no such table: run"]);
});

Deno.test("IndexKeeper reports transient errors, and keeps the index", async () => {
  await using file = new SearchableLog();
  await file.append(draftOf("tea", "one"));
  file.index();
  const { keeper, reasons } = keeperOf(file);
  await file.append(draftOf("tea", "two"));
  using other = new DatabaseSync(file.indexPath);
  other.exec("BEGIN IMMEDIATE");
  assertThrows(() => keeper.step(), Error, "locked");
  other.exec("ROLLBACK");
  assertEquals(keeper.step(), { events: 1, through: 2, isFull: false });
  keeper.close();
  assertEquals(reasons, []);
});
