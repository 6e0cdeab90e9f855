import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../../lib/store/sqlite/database.ts";
import { migrate, MIGRATIONS } from "../../../lib/store/sqlite/migrations.ts";
import { TemporaryDirectory } from "../../support/temporary_directory.ts";
import { lockDataDirectory } from "../../../lib/store/sqlite/data_directory.ts";
import { CommandLine, runCommand } from "../../support/command_line.ts";
import { draftOf } from "../../support/room_events.ts";

async function smallLog(): Promise<CommandLine> {
  const file = new CommandLine();
  await file.append(
    ...Array.from({ length: 1234 }, (_, number) => draftOf("tea", `line ${number}`)),
  );
  await file.append(draftOf("milk", "other"));
  return file;
}

function namesIn(directory: string): string[] {
  return Array.from(Deno.readDirSync(directory), ({ name }) => name).sort();
}

Deno.test("backup and restore preserve everything, in a single file", async () => {
  await using file = await smallLog();
  const backup = `${file.directory}/copy.db`;
  const written = await file.run("backup", backup);
  assertEquals([written.code, written.stderr], [0, ""]);
  assert(
    /^Backed up 1,235 events of 2 rooms \(\d+ kB\) to /.test(written.stdout),
    written.stdout,
  );
  assertEquals(namesIn(file.directory).filter((name) => name.startsWith("copy")), ["copy.db"]);

  const data = `${file.directory}/new/data`;
  const restored = await runCommand(["restore", backup, "--data", data]);
  assertEquals([restored.code, restored.stderr], [0, ""]);
  assert(restored.stdout.startsWith("Restored 1,235 events of 2 rooms "), restored.stdout);
  assertEquals(namesIn(data), ["lock", "partyline.db"]);
  const exported = await runCommand(["export", "--data", data]);
  assertEquals(exported, await file.run("export"));
  const verified = await runCommand(["verify", backup]);
  assertEquals([verified.code, verified.stdout.endsWith("No damage was found\n")], [0, true]);
});

Deno.test("backup copies the committed state while a write is in progress", async () => {
  await using file = await smallLog();
  file.database.exec("BEGIN IMMEDIATE; DELETE FROM run");
  const backup = `${file.directory}/copy.db`;
  assertEquals((await file.run("backup", backup)).code, 0);
  file.database.exec("ROLLBACK");
  assertEquals((await runCommand(["verify", backup])).code, 0);
});

Deno.test("backup never overwrites a file, and leaves nothing behind on failure", async () => {
  await using file = await smallLog();
  const backup = `${file.directory}/copy.db`;
  Deno.writeTextFileSync(backup, "precious");
  const refused = await file.run("backup", backup);
  assertEquals([refused.code, refused.stderr], [
    1,
    `${backup} already exists. Choose another name, or move it away.\n`,
  ]);
  assertEquals(Deno.readTextFileSync(backup), "precious");
  const nowhere = await file.run("backup", `${file.directory}/missing/copy.db`);
  assertEquals(nowhere.code, 1);
  assertEquals(
    nowhere.stderr,
    `Cannot write ${file.directory}/missing/copy.db: no such file or directory\n`,
  );
  assertEquals((await file.run("backup")).stderr.split("\n")[0], "backup needs a file");
});

Deno.test("restore refuses a directory with a log or a running server", async () => {
  await using file = await smallLog();
  const backup = `${file.directory}/copy.db`;
  await file.run("backup", backup);
  const before = await file.run("export");
  const refused = await file.run("restore", backup);
  assertEquals([refused.code, refused.stderr], [
    1,
    `${file.directory} already has a log. Move it away, or choose another directory with ` +
    "--data DIR.\n",
  ]);
  assertEquals(await file.run("export"), before);

  const data = `${file.directory}/busy`;
  using _server = lockDataDirectory(data);
  const busy = await runCommand(["restore", backup, "--data", data]);
  assertEquals([busy.code, busy.stderr], [
    1,
    `The data directory ${data} is in use by another Partyline (process ${Deno.pid}). Stop that ` +
    `one with "kill ${Deno.pid}", or choose another directory with --data DIR.\n`,
  ]);
});

Deno.test("restore refuses a file that is not a backup, and creates nothing", async () => {
  await using file = await smallLog();
  const path = `${file.directory}/other.db`;
  const data = `${file.directory}/new`;
  const complaint = async () => {
    const { code, stdout, stderr } = await runCommand(["restore", path, "--data", data]);
    assertEquals([code, stdout], [1, ""]);
    return stderr;
  };
  assertEquals(await complaint(), `Cannot restore ${path}: there is no such file\n`);
  Deno.mkdirSync(path);
  assertEquals(await complaint(), `Cannot restore ${path}: it is a directory\n`);
  Deno.removeSync(path);
  Deno.writeTextFileSync(path, "This is no database. ".repeat(100));
  assertEquals(await complaint(), `Cannot restore ${path}: file is not a database\n`);
  Deno.removeSync(path);
  new DatabaseSync(path).exec("CREATE TABLE room (x); PRAGMA user_version = 1");
  assertEquals(await complaint(), `Cannot restore ${path}: it is not a Partyline log\n`);
  Deno.removeSync(path);
  await file.run("backup", path);
  using newer = new DatabaseSync(path);
  newer.exec("PRAGMA user_version = 99");
  assertEquals(
    await complaint(),
    `Cannot restore ${path}: a newer version of Partyline wrote it\n`,
  );
  newer.exec("PRAGMA user_version = 1");
  newer.close();
  using bytes = Deno.openSync(path, { write: true });
  bytes.truncateSync(Deno.statSync(path).size - 8192);
  const damaged = await complaint();
  assert(/: (it is damaged|database disk image is malformed)/.test(damaged), damaged);
  assertEquals(namesIn(file.directory).includes("new"), false);
});

Deno.test("restore removes the search index of an earlier log", async () => {
  await using file = await smallLog();
  const backup = `${file.directory}/copy.db`;
  await file.run("backup", backup);
  file.index();
  const data = `${file.directory}/new`;
  Deno.mkdirSync(data);
  Deno.copyFileSync(file.indexPath, `${data}/search.db`);
  Deno.writeTextFileSync(`${data}/partyline.db-wal`, "of an earlier log");
  await runCommand(["restore", backup, "--data", data]);
  assertEquals(namesIn(data), ["lock", "partyline.db"]);
});

for (let version = 1; version < MIGRATIONS.length; version++) {
  Deno.test(`backup copies a log of version ${version}, which restore and a server take`, async () => {
    using directory = new TemporaryDirectory();
    const [data, copy] = [`${directory.path}/new`, `${directory.path}/copy.db`];
    const old = new DatabaseSync(`${directory.path}/partyline.db`);
    migrate(old, MIGRATIONS.slice(0, version));
    old.exec("INSERT INTO room (id, key, name) VALUES (1, 'tea', 'Tea')");
    if (version < 3) {
      old.exec("INSERT INTO event VALUES (1, 1, 1, 0, 0, 'ann', 'hello', NULL, NULL, NULL)");
    }
    old.close();
    const saved = await runCommand(["backup", copy, "--data", directory.path]);
    assertEquals([saved.code, saved.stderr], [0, ""]);
    const size = version < 3 ? "1 event of 1 room" : "0 events of 1 room";
    assert(saved.stdout.startsWith(`Backed up ${size} `), saved.stdout);
    const verified = await runCommand(["verify", copy]);
    assertEquals([verified.code, verified.stderr], [
      1,
      `Cannot read the log ${copy}: an earlier version wrote it; start a server on it once. If it ` +
      "is a backup, restore it first\n",
    ]);
    const restored = await runCommand(["restore", copy, "--data", data]);
    assertEquals([restored.code, restored.stderr], [0, ""]);
    openDatabase(`${data}/partyline.db`, "normal").close();
    assertEquals((await runCommand(["verify", "--data", data])).code, 0);
  });
}
