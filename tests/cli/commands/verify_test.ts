import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { SqliteSweep } from "../../../lib/store/sqlite/sweep.ts";
import { CommandLine, runCommand } from "../../support/command_line.ts";
import { draftOf } from "../../support/room_events.ts";
import { TemporaryDirectory } from "../../support/temporary_directory.ts";

/** Two rooms in several runs, indexed in several blocks, some of them with a token table. */
async function indexedLog(): Promise<CommandLine> {
  const file = new CommandLine();
  const lines = (room: string, count: number, rest = {}) =>
    Array.from(
      { length: count },
      (_, number) => draftOf(room, `line ${number} req${number}`, rest),
    );
  await file.append(...lines("tea", 600, { fields: { level: "err" } }));
  await file.append(...lines("log", 300));
  file.index({ bulkEvents: 1 });
  await file.append(...lines("tea", 300));
  file.index();
  await file.append(draftOf("log", "not indexed yet"));
  return file;
}

Deno.test("verify finds no damage in a good log, and lists its contents", async () => {
  await using file = await indexedLog();
  assertEquals(await file.run("verify"), {
    code: 0,
    stdout: "#tea: 900 events, up to #900\n" +
      "#log: 301 events, up to #301\n" +
      "search index: 2 blocks; 1 event not indexed yet\n" +
      "No damage was found\n",
    stderr: "",
  });
  await Deno.remove(file.indexPath);
  const { code, stdout } = await file.run("verify");
  assertEquals([code, stdout.includes("there is none; the server builds one")], [0, true]);
});

Deno.test("verify distinguishes swept events from missing ones", async () => {
  await using file = await indexedLog();
  const sweep = new SqliteSweep(file.database);
  const goal = { now: file.now, before: -Infinity, bytes: 12_000 };
  while (await sweep.sweep(1, goal));
  const { code, stdout } = await file.run("verify");
  assertEquals(code, 0, stdout);
  assert(/#tea: 644 events, up to #900; 256 no longer kept\n/.test(stdout), stdout);
});

/** Changes the log with SQL, and returns the damage that `verify` reports. */
async function complaints(sql: string): Promise<string[]> {
  await using file = await indexedLog();
  file.database.exec(sql);
  const { code, stdout } = await file.run("verify");
  assertEquals(code, 1, `${sql}\n${stdout}`);
  assert(/\nThe (log|search index) is damaged\. /.test(stdout), stdout);
  return stdout.split("\n").filter((line) => line.startsWith("! ")).map((line) => line.slice(2));
}

Deno.test("verify finds events that are missing", async () => {
  assertEquals(
    (await complaints("DELETE FROM run WHERE id = 257"))[0],
    "tea#257 to tea#512 are missing, 256 events",
  );
  assertEquals(
    (await complaints("DELETE FROM run WHERE id = 1"))[0],
    "tea#1 to tea#256 are missing, 256 events",
  );
  assertEquals(
    (await complaints("DELETE FROM run WHERE room_id = 1 AND seq > 800"))[0],
    "log: 44 events missing at the end of a room",
  );
  assertEquals(
    (await complaints("DELETE FROM room WHERE id = 2"))[0],
    "log: event 601 belongs to a room that does not exist (2)",
  );
});

Deno.test("verify finds that the end of the log is missing, if the index has it", async () => {
  assertEquals(await complaints("DELETE FROM run WHERE id > 900"), [
    "log: event 901 and later ones are missing but in the search index, unless this log was " +
    "restored from a copy",
  ]);
  await using file = await indexedLog();
  // With another time the index belongs to another log, and says nothing about this one.
  file.database.exec("DELETE FROM run WHERE id > 900; UPDATE run SET at = at - 77");
  const { stdout } = await file.run("verify");
  assert(
    stdout.includes("search index: it does not fit the log; the server rebuilds it"),
    stdout,
  );
  assert(!stdout.includes("! "), stdout);
});

Deno.test("verify finds wrong numbers", async () => {
  assertEquals((await complaints("UPDATE run SET count = 255 WHERE id = 1")).slice(0, 2), [
    "tea#1: its text cannot be read",
    "tea#256 is missing",
  ]);
  assertEquals(
    (await complaints("UPDATE run SET seq = 250 WHERE id = 257"))[0],
    "tea#250 exists twice",
  );
  assertEquals(
    (await complaints("UPDATE run SET id = 200 WHERE id = 257"))[0],
    "tea#257: event 200 exists twice",
  );
  assertEquals(
    (await complaints("UPDATE run SET count = 0, bodies = '[]' WHERE id = 1201"))[0],
    "log#301: it has 0 events",
  );
});

Deno.test("verify finds wrong sizes, on which retention depends", async () => {
  assertEquals(
    (await complaints("UPDATE run SET total = 1 WHERE id = 257"))[0],
    "tea#257: the size of the room is wrong",
  );
});

Deno.test("verify finds unreadable texts", async () => {
  assertEquals(
    (await complaints("UPDATE run SET bodies = '[' WHERE id = 1201"))[0],
    "log#301: its text cannot be read",
  );
  assertEquals(
    (await complaints("UPDATE run SET bodies = '[1]' WHERE id = 1201"))[0],
    "log#301: its text cannot be read",
  );
  assertEquals(
    (await complaints("UPDATE run SET fields = '{}' WHERE id = 1201"))[0],
    "log#301: its fields cannot be read",
  );
  assertEquals(
    (await complaints("UPDATE run SET kind = 99 WHERE id = 1201"))[0],
    "log#301: there is no kind 99",
  );
});

Deno.test("verify finds overwritten pages of the log", async () => {
  await using file = await indexedLog();
  file.database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  const { rootpage } = file.database.prepare(
    "SELECT rootpage FROM sqlite_schema WHERE name = 'run_by_room'",
  ).get()!;
  using bytes = Deno.openSync(file.path, { write: true });
  bytes.seekSync(((rootpage as number) - 1) * 4096, Deno.SeekMode.Start);
  bytes.writeSync(new Uint8Array(4096).fill(0x5a));
  const { code, stdout } = await file.run("verify");
  assertEquals(code, 1);
  assert(stdout.includes("! "), stdout);
  assert(
    stdout.includes("The log is damaged. Keep a copy of it, and restore the last backup."),
    stdout,
  );
});

/** Changes the index with SQL, and returns the damage that `verify` reports. */
async function indexComplaints(sql: string): Promise<string> {
  await using file = await indexedLog();
  {
    using index = new DatabaseSync(file.indexPath);
    index.exec(sql);
  }
  const { code, stdout } = await file.run("verify");
  assertEquals(code, 1, `${sql}\n${stdout}`);
  assert(stdout.includes("The search index is damaged. Stop the server and delete "), stdout);
  const lines = stdout.split("\n").filter((line) => line.startsWith("! "));
  return lines.map((line) => line.slice(2)).join("\n");
}

Deno.test("verify finds damage in the index", async () => {
  assertEquals(
    await indexComplaints("DELETE FROM word WHERE rowid = 901"),
    "search index: events 901 to 1157 cannot be found",
  );
  assertEquals(
    await indexComplaints(
      "DELETE FROM word WHERE rowid = 1; INSERT INTO word (rowid, words) VALUES (1, 'line')",
    ),
    "search index: some words of events 1 to 857 cannot be found",
  );
  assertEquals(
    await indexComplaints("DELETE FROM bucket WHERE id >> 32 = 7"),
    "search index: some words of events 1 to 857 cannot be found",
  );
  assertEquals(
    await indexComplaints("INSERT INTO word (rowid, words) VALUES (77, 'more')"),
    "search index: it has words of unknown events (77)",
  );
  assertEquals(
    await indexComplaints("DELETE FROM block WHERE id = 901; DELETE FROM word WHERE rowid = 901"),
    "search index: event 901 and more are not indexed",
  );
});

Deno.test("verify finds overwritten pages of the index", async () => {
  await using file = await indexedLog();
  {
    using index = new DatabaseSync(file.indexPath);
    index.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  const { size } = Deno.statSync(file.indexPath);
  using bytes = Deno.openSync(file.indexPath, { write: true });
  bytes.seekSync(4096 * 2, Deno.SeekMode.Start);
  bytes.writeSync(new Uint8Array(size - 4096 * 2).fill(0x5a));
  const { code, stdout } = await file.run("verify");
  assertEquals(code, 1);
  assert(stdout.includes("The search index is damaged."), stdout);
});

Deno.test("verify prints the errors that SQLite finds, one to a line", async () => {
  await using file = await indexedLog();
  file.database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  {
    // The count of free pages in the header of the file.
    using bytes = Deno.openSync(file.path, { write: true });
    bytes.seekSync(36, Deno.SeekMode.Start);
    bytes.writeSync(Uint8Array.of(0, 0, 0, 7));
  }
  const { code, stdout } = await file.run("verify");
  assertEquals(code, 1);
  assertEquals(stdout.split("\n")[0], "! log: Freelist: size is 0 but should be 7");
});

Deno.test("verify reports a file that is not a backup", async () => {
  using directory = new TemporaryDirectory();
  const complaint = async (path: string) => (await runCommand(["verify", path])).stderr;
  const missing = `${directory.path}/missing.db`;
  assertEquals(await complaint(missing), `Cannot read the log ${missing}: there is no such file\n`);
  assertEquals(
    await complaint(directory.path),
    `Cannot read the log ${directory.path}: it is a directory\n`,
  );
  const empty = `${directory.path}/empty.db`;
  Deno.writeTextFileSync(empty, "");
  assertEquals(await complaint(empty), `Cannot read the log ${empty}: it is not a Partyline log\n`);
});

Deno.test("verify reports a file that is not a log", async () => {
  using directory = new TemporaryDirectory();
  const path = `${directory.path}/partyline.db`;
  Deno.writeTextFileSync(path, "no database ".repeat(1000));
  const { code, stderr } = await runCommand(["verify", "--data", directory.path]);
  assertEquals([code, stderr], [1, `Cannot read the log ${path}: file is not a database\n`]);
});
