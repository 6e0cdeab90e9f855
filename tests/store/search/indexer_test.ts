import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../../lib/store/sqlite/database.ts";
import { RecordedLog } from "../../support/recorded_log.ts";
import { SqliteTrialLog } from "../../support/sqlite_log.ts";
import { Indexer } from "../../../lib/store/sqlite/search/indexer.ts";
import { until } from "../../support/patience.ts";
import { draftOf } from "../../support/room_events.ts";
import { SqliteFile } from "../../support/sqlite_file.ts";

/** A log with an indexer, and a way to look into the index. */
class IndexedFile implements AsyncDisposable {
  readonly file = new SqliteFile();
  readonly indexPath = `${this.file.directory}/search.db`;
  readonly indexer: Indexer;
  readonly log: SqliteTrialLog;

  constructor() {
    const database = openDatabase(this.file.path, "normal");
    this.indexer = new Indexer({ log: this.file.path, index: this.indexPath });
    this.log = new SqliteTrialLog(database, { indexer: this.indexer });
  }

  append(...bodies: string[]) {
    return this.log.append(bodies.map((body) => draftOf("tea", body)));
  }

  /** How many blocks have a word. */
  find(word: string): number {
    // Not read-only: such a connection cannot open a file that its writer is still creating.
    using index = new DatabaseSync(this.indexPath);
    return index.prepare("SELECT count(*) AS count FROM word WHERE word MATCH ?")
      .get(`"${word}"`)!.count as number;
  }

  /** Waits until everything is indexed. */
  async caughtUp(): Promise<void> {
    await until("the index has caught up", () => this.indexer.lagMs === 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.log.close();
    await this.file[Symbol.asyncDispose]();
  }
}

Deno.test("Indexer follows the log, batch after batch", async () => {
  await using file = new IndexedFile();
  for (const word of ["one", "two", "three"]) {
    await file.append(word);
    await file.caughtUp();
    assertEquals(file.find(word), 1, word);
  }
  assertEquals(file.indexer.backpressure(), undefined);
});

Deno.test("Indexer indexes events from before it started", async () => {
  await using file = new SqliteFile();
  const { log } = file.open();
  await log.append([draftOf("tea", "early")]);
  await log.close();
  const indexPath = `${file.directory}/search.db`;
  const database = openDatabase(file.path, "normal");
  const indexer = new Indexer({ log: file.path, index: indexPath });
  const again = new SqliteTrialLog(database, { indexer });
  await again.append([draftOf("tea", "late")]);
  await until("the index has caught up", () => indexer.lagMs === 0);
  using index = new DatabaseSync(indexPath, { readOnly: true });
  for (const word of ["early", "late"]) {
    assert(index.prepare("SELECT 1 FROM word WHERE word MATCH ?").get(word), word);
  }
  await again.close();
});

Deno.test("Indexer.close() in the middle of its work leaves the index intact", async () => {
  const file = new IndexedFile();
  await file.append("begin");
  await file.caughtUp();
  const lines = Array.from({ length: 2000 }, (_, number) => `line number ${number}`);
  for (let batch = 0; batch < 20; batch++) await file.append(...lines);
  await file.log.close();
  using index = new DatabaseSync(file.indexPath, { readOnly: true });
  assertEquals(index.prepare("PRAGMA integrity_check").get()!.integrity_check, "ok");
  await file.file[Symbol.asyncDispose]();
});

Deno.test("Indexer.rebuild() rebuilds a damaged index, and logs that", async () => {
  using recorded = new RecordedLog("warning");
  const { lines } = recorded;
  await using file = new IndexedFile();
  await file.append("one");
  await file.caughtUp();
  file.indexer.rebuild();
  file.indexer.rebuild();
  await until("the log has a line", () => lines.length > 0);
  await file.append("two");
  await file.caughtUp();
  assertEquals([file.find("one"), file.find("two")], [1, 1]);
  assertEquals(lines.length, 1, lines.join("\n"));
  assert(lines[0].includes("Rebuilding the search index"), lines[0]);
});

Deno.test("Indexer logs once that it cannot write, and asks no writer to wait", async () => {
  using recorded = new RecordedLog("warning");
  const { lines } = recorded;
  await using file = new SqliteFile();
  const database = openDatabase(file.path, "normal");
  const indexer = new Indexer({ log: file.path, index: `${file.directory}/missing/search.db` });
  const log = new SqliteTrialLog(database, { indexer });
  await log.append([draftOf("tea", "one")]);
  await until("the log has a line", () => lines.length > 0);
  assert(lines[0].includes("Cannot write the search index"), lines[0]);
  await log.append([draftOf("tea", "two")]);
  assertEquals(indexer.backpressure(), undefined);
  await log.close();
  assertEquals(lines.length, 1, lines.join("\n"));
});

Deno.test("Indexer.backpressure() asks writers to wait while the index is more than a second behind", async () => {
  let now = 0;
  const clock = { now: () => now, monotonic: () => now, after: () => () => {} };
  await using file = new SqliteFile();
  const database = openDatabase(file.path, "normal");
  const indexer = new Indexer({ log: file.path, index: `${file.directory}/search.db` }, { clock });
  const log = new SqliteTrialLog(database, { indexer });
  await log.append([draftOf("tea", "one")]);
  // A new index must first catch up: nobody waits for that.
  now += 5000;
  assertEquals(indexer.backpressure(), undefined);
  await until("the index has caught up", () => indexer.lagMs === 0);
  await log.append([draftOf("tea", "two")]);
  assertEquals(indexer.lagMs, 0);
  now += 1000;
  assertEquals([indexer.lagMs, indexer.backpressure()], [1000, undefined]);
  now += 1;
  const pressure = indexer.backpressure();
  assert(pressure);
  await pressure;
  await until("the index has caught up", () => indexer.lagMs === 0);
  assertEquals(indexer.backpressure(), undefined);
  await log.close();
});
