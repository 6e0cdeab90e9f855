import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { Checkpointer } from "../../lib/store/sqlite/checkpointer.ts";
import { openDatabase } from "../../lib/store/sqlite/database.ts";
import { nextTurn } from "../support/fake_clock.ts";
import { RecordedLog } from "../support/recorded_log.ts";
import { SqliteTrialLog } from "../support/sqlite_log.ts";
import { draftOf } from "../support/room_events.ts";
import { SqliteFile } from "../support/sqlite_file.ts";

const MEBIBYTE = 1024 * 1024;

function open(path: string, checkpointedPath = path) {
  const database = openDatabase(path, "normal");
  const checkpointer = new Checkpointer(database, checkpointedPath);
  return new SqliteTrialLog(database, { checkpointer });
}

/** Writes 4 MiB, more than the interval between checkpoints. */
async function writeMuch(log: SqliteTrialLog): Promise<void> {
  for (let batch = 0; batch < 8; batch++) {
    const body = "x".repeat(MEBIBYTE / 16);
    await log.append(Array.from({ length: 8 }, () => draftOf("tea", body)));
  }
}

Deno.test("Checkpointer moves commits into the file in another thread", async () => {
  await using file = new SqliteFile();
  const log = open(file.path);
  // While another connection has the file open, closing one does not checkpoint.
  using _other = new DatabaseSync(file.path);
  _other.prepare("SELECT count(*) FROM room").get();
  await writeMuch(log);
  await log.close();
  const { size } = Deno.statSync(file.path);
  assert(size > 2 * MEBIBYTE, `${size} bytes are in the file`);
});

Deno.test("Checkpointer leaves no write-ahead file behind", async () => {
  await using file = new SqliteFile();
  const log = open(file.path);
  await writeMuch(log);
  await log.close();
  await log.close();
  const names = Array.from(Deno.readDirSync(file.directory), ({ name }) => name);
  assertEquals(names, ["partyline.db"]);
  const { log: again } = file.open();
  assertEquals((await again.room("tea"))!.lastSeq, 64);
});

Deno.test("Checkpointer.close() works right after opening", async () => {
  await using file = new SqliteFile();
  await open(file.path).close();
  assertEquals(Array.from(Deno.readDirSync(file.directory), ({ name }) => name), ["partyline.db"]);
});

Deno.test("Checkpointer logs a failed checkpoint, and the log keeps working", async () => {
  using recorded = new RecordedLog("warning");
  const { lines } = recorded;
  await using file = new SqliteFile();
  const broken = `${file.directory}/broken.db`;
  Deno.writeTextFileSync(broken, "This is no database.".repeat(100));
  const log = open(file.path, broken);
  await writeMuch(log);
  await log.append([draftOf("tea", "still here")]);
  await log.close();
  assertEquals(lines.length, 1, lines.join("\n"));
  assert(lines[0].includes("Cannot checkpoint the log"), lines[0]);
  const { log: again } = file.open();
  assertEquals((await again.room("tea"))!.lastSeq, 65);
});

Deno.test("Checkpointer does not create a file in the place of one that is gone", async () => {
  await using file = new SqliteFile();
  const database = openDatabase(file.path, "normal");
  // Before there is a thread, which may be opening the file.
  Deno.renameSync(file.path, `${file.path}.away`);
  const checkpointer = new Checkpointer(database, file.path);
  const log = new SqliteTrialLog(database, { checkpointer });
  await writeMuch(log);
  await log.close();
  const names = Array.from(Deno.readDirSync(file.directory), ({ name }) => name);
  assert(!names.includes("partyline.db"), names.join(", "));
});

Deno.test("Checkpointer.giveBack() shrinks the file and the write-ahead file", async () => {
  await using file = new SqliteFile();
  const database = openDatabase(file.path, "normal");
  const checkpointer = new Checkpointer(database, file.path);
  const log = new SqliteTrialLog(database, { checkpointer });
  const sizes = () => ["", "-wal"].map((suffix) => Deno.statSync(file.path + suffix).size);
  await writeMuch(log);
  await checkpointer.giveBack();
  const [full, noWal] = sizes();
  assert(full > 4 * MEBIBYTE, `${full} bytes`);
  assertEquals(noWal, 0);

  database.exec("DELETE FROM run");
  database.prepare("PRAGMA incremental_vacuum").all();
  checkpointer.wrote(1);
  const [same, wal] = sizes();
  assert(same === full && wal > 0, `${same} bytes, and ${wal} written ahead`);
  // The first call comes while the worker is still busy with the last commit.
  checkpointer.wrote(2 * MEBIBYTE);
  await Promise.all([checkpointer.giveBack(), checkpointer.giveBack()]);
  const [small, wal2] = sizes();
  assert(small < MEBIBYTE / 8, `${small} bytes`);
  assertEquals(wal2, 0);
  await log.close();
  await checkpointer.giveBack();
});

Deno.test("Checkpointer.giveBack() resolves during a read transaction, and on closing", async () => {
  await using file = new SqliteFile();
  const database = openDatabase(file.path, "normal");
  const checkpointer = new Checkpointer(database, file.path);
  const log = new SqliteTrialLog(database, { checkpointer });
  using other = new DatabaseSync(file.path);
  other.exec("BEGIN");
  other.prepare("SELECT count(*) FROM room").get();
  await writeMuch(log);
  await checkpointer.giveBack();
  assert(Deno.statSync(`${file.path}-wal`).size > MEBIBYTE);
  other.exec("COMMIT");
  const given = checkpointer.giveBack();
  await log.close();
  await given;
});

Deno.test("Checkpointer makes bulk writers wait until a large write-ahead file can start over", async () => {
  await using file = new SqliteFile();
  const database = openDatabase(file.path, "normal");
  const checkpointer = new Checkpointer(database, file.path);
  const log = new SqliteTrialLog(database, { checkpointer });
  const body = "x".repeat(MEBIBYTE);
  const draft = draftOf("tea", body);
  let wait: Promise<void> | undefined;
  // The answers of the thread are heard between the batches.
  for (let batch = 0; batch < 400 && !wait; batch++) {
    await log.append([draft, draft, draft, draft]);
    await nextTurn();
    wait = checkpointer.backpressure();
  }
  assert(wait, "nobody was asked to wait");
  await wait;
  assertEquals(checkpointer.backpressure(), undefined);
  await log.append([draftOf("tea", "after")]);
  const { log: pages } = database.prepare("PRAGMA wal_checkpoint(PASSIVE)").get()!;
  assert(Number(pages) < 1024, `${pages} pages are in the write-ahead file`);
  await log.close();
});
