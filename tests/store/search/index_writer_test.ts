import { assert, assertEquals, assertThrows } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { openIndex, StaleIndexError } from "../../../lib/store/sqlite/search/index_file.ts";
import { readProgress } from "../../../lib/store/sqlite/search/index_progress.ts";
import { IndexWriter } from "../../../lib/store/sqlite/search/index_writer.ts";
import { verifyIndex } from "../../../lib/store/sqlite/verify/verify_index.ts";
import { draftOf } from "../../support/room_events.ts";
import { SqliteSweep } from "../../../lib/store/sqlite/sweep.ts";
import { SearchableLog } from "../../support/searchable_log.ts";

function lines(count: number, word = "line"): ReturnType<typeof draftOf>[] {
  return Array.from({ length: count }, (_, number) => draftOf("log", `${word} ${number}`));
}

function count(index: DatabaseSync, table: string): unknown {
  return index.prepare(`SELECT count(*) AS count FROM ${table}`).get()!.count;
}

Deno.test("IndexWriter.step() indexes new events, and none twice", async () => {
  await using file = new SearchableLog();
  const { events } = { events: await file.append(...lines(3)) };
  using index = openIndex(file.indexPath);
  using log = new DatabaseSync(file.path, { readOnly: true });
  const writer = new IndexWriter(log, index);
  assertEquals(writer.step(), { events: 3, through: 3, isFull: false });
  assertEquals(writer.step(), { events: 0, through: 1, isFull: false });
  assertEquals(readProgress(index), { id: 1, at: events[0].at });
  await file.append(draftOf("log", "more"), draftOf("tea", "and more"));
  assertEquals(writer.step(), { events: 2, through: 5, isFull: false });
  assertEquals(file.find("more"), [5, 4]);
  assertEquals(count(index, "block"), 2);
});

Deno.test("IndexWriter.step() makes a token table in bulk, and ends blocks at their limits", async () => {
  await using file = new SearchableLog();
  for (let batch = 0; batch < 10; batch++) await file.append(...lines(1000, `batch${batch}`));
  await file.append(draftOf("log", "x".repeat(200_000)), draftOf("log", "after the long one"));
  using index = openIndex(file.indexPath);
  using log = new DatabaseSync(file.path, { readOnly: true });
  const writer = new IndexWriter(log, index);
  assertEquals(writer.step(), { events: 10_002, through: 10_002, isFull: false });
  assertEquals(count(index, "token_table"), 1);
  const blocks = index.prepare("SELECT count(*) AS count FROM block").get()!.count as number;
  assert(blocks >= 10 && blocks <= 14, `${blocks} blocks`);
  assertEquals(file.find("999 batch7"), [8000]);
  assertEquals(file.find("batch7").length, 1000);
  assertEquals(file.find("bat* 12").length, 10);
  assertEquals(file.find("long"), [10_002]);
});

Deno.test("IndexWriter.step() leaves the index unchanged when it fails", async () => {
  await using file = new SearchableLog();
  await file.append(...lines(3, "first"));
  using index = openIndex(file.indexPath);
  using log = new DatabaseSync(file.path, { readOnly: true });
  const writer = new IndexWriter(log, index);
  writer.step();
  const { page_count: pages } = index.prepare("PRAGMA page_count").get()!;
  index.exec(`PRAGMA max_page_count = ${pages}`);
  const words = Array.from({ length: 5000 }, (_, number) => `word${number}`).join(" ");
  await file.append(draftOf("log", words), draftOf("log", "second"));
  assertThrows(() => writer.step(), Error, "full");
  assertEquals([readProgress(index).id, count(index, "block"), index.isTransaction], [1, 1, false]);
  // Events that are not indexed are still found.
  assertEquals([file.find("second"), file.find("word4999"), file.find("first")], [[5], [4], [
    3,
    2,
    1,
  ]]);
  index.exec("PRAGMA max_page_count = 1000000");
  assertEquals(writer.step().through, 5);
  assertEquals([file.find("second"), file.find("word4999"), file.find("first")], [[5], [4], [
    3,
    2,
    1,
  ]]);
});

Deno.test("IndexWriter.step() that fails halfway in bulk leaves nothing behind for the next step", async () => {
  await using file = new SearchableLog();
  for (let batch = 0; batch < 12; batch++) await file.append(...lines(1000, `batch${batch}x`));
  using index = openIndex(file.indexPath);
  using log = new DatabaseSync(file.path, { readOnly: true });
  const writer = new IndexWriter(log, index);
  index.exec(`CREATE TEMP TRIGGER refuse BEFORE INSERT ON block WHEN NEW.id > 5000
    BEGIN SELECT RAISE(ABORT, 'the disk says no'); END`);
  assertThrows(() => writer.step(), Error, "the disk says no");
  index.exec("DROP TRIGGER refuse");
  assertEquals(writer.step().events, 12_000);
  const findings = [...verifyIndex(log, index)];
  assertEquals(findings.filter(({ isDamage }) => isDamage), []);
  assertEquals(file.find("batch11x 999"), [12_000]);
});

Deno.test("IndexWriter continues after one that was killed in the middle of a step", async () => {
  await using file = new SearchableLog();
  await file.append(...lines(10));
  const killed = openIndex(file.indexPath);
  using log = new DatabaseSync(file.path, { readOnly: true });
  new IndexWriter(log, killed).step();
  await file.append(...lines(10, "later"));
  // A kill in the middle of a step leaves an open transaction.
  killed.exec("BEGIN IMMEDIATE");
  killed.exec("INSERT INTO word (rowid, words) VALUES (11, 'half of it')");
  killed.exec("INSERT INTO block VALUES (11, 11, 0, 0, 0)");
  killed.close();
  file.index();
  assertEquals(file.find("later").length, 10);
  assertEquals(file.find("half"), []);
});

Deno.test("IndexWriter refuses an index of another log", async () => {
  await using file = new SearchableLog();
  await file.append(...lines(3));
  file.index();
  await using other = new SearchableLog();
  other.now += 1000;
  using log = new DatabaseSync(other.path, { readOnly: true });
  using index = openIndex(file.indexPath);
  assertThrows(() => new IndexWriter(log, index), StaleIndexError);
  await other.append(...lines(3));
  assertThrows(() => new IndexWriter(log, index), StaleIndexError);
});

Deno.test("IndexWriter recognises a log from which the last indexed events were swept", async () => {
  await using file = new SearchableLog();
  await file.append(...lines(3));
  file.index();
  const sweep = new SqliteSweep(file.database);
  await sweep.sweep(1, { now: Infinity, before: Infinity, bytes: Infinity });
  using log = new DatabaseSync(file.path, { readOnly: true });
  using index = openIndex(file.indexPath);
  assertEquals(log.prepare("SELECT count(*) AS runs FROM run").get()!.runs, 0);
  new IndexWriter(log, index);
});

Deno.test("IndexWriter refuses an index that is ahead of its log, as after restoring a backup", async () => {
  await using file = new SearchableLog();
  await file.append(...lines(3));
  await file.append(...lines(3));
  file.index();
  await using other = new SearchableLog();
  await other.append(...lines(3));
  using log = new DatabaseSync(other.path, { readOnly: true });
  using index = openIndex(file.indexPath);
  assertThrows(() => new IndexWriter(log, index), StaleIndexError);
});
