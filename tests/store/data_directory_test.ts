import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { copyLog } from "../../lib/store/sqlite/copy_log.ts";
import {
  DataDirectoryError,
  isReadableByAll,
  lockDataDirectory,
  pathsIn,
  refuseUnusableLog,
} from "../../lib/store/sqlite/data_directory.ts";
import { openDatabase } from "../../lib/store/sqlite/database.ts";
import { DiskReserve } from "../../lib/store/sqlite/disk_reserve.ts";
import { openIndex } from "../../lib/store/sqlite/search/index_file.ts";
import { makePipe } from "../support/make_pipe.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const MODULE = new URL("../../lib/store/sqlite/data_directory.ts", import.meta.url).href;

/** Runs `script` in another process, where `lock()` locks the directory. */
function runElsewhere(path: string, script: string): Deno.ChildProcess {
  const source = `import { lockDataDirectory } from ${JSON.stringify(MODULE)};
    const lock = () => lockDataDirectory(${JSON.stringify(path)});
    ${script}`;
  return new Deno.Command(Deno.execPath(), {
    args: ["eval", source],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
}

function inUse(path: string, pid = Deno.pid): string {
  return `The data directory ${path} is in use by another Partyline (process ${pid}). ` +
    `Stop that one with "kill ${pid}", or choose another directory with --data DIR.`;
}

Deno.test("lockDataDirectory() creates the directory and returns the path of the database", () => {
  using temp = new TemporaryDirectory();
  const path = `${temp.path}/a/b`;
  using directory = lockDataDirectory(path);
  assertEquals(directory.databasePath, `${path}/partyline.db`);
  assert(Deno.statSync(path).isDirectory);
});

/** The permission bits of a file. */
function modeOf(path: string): string {
  return (Deno.statSync(path).mode! & 0o777).toString(8);
}

Deno.test("The data directory and its files are created for their owner only", async () => {
  using temp = new TemporaryDirectory();
  const path = `${temp.path}/data`;
  using directory = lockDataDirectory(path);
  const { databasePath, indexPath } = directory;
  using log = openDatabase(databasePath, "normal");
  using index = openIndex(indexPath);
  new DiskReserve(`${path}/reserve`);
  const backup = `${temp.path}/backup.db`;
  await copyLog(log, backup);
  index.exec("UPDATE progress SET id = 0");
  assertEquals(modeOf(path), "700");
  const names = ["lock", "partyline.db", "partyline.db-wal", "partyline.db-shm", "search.db"];
  for (const name of [...names, "search.db-wal", "search.db-shm", "reserve"]) {
    assertEquals(modeOf(`${path}/${name}`), "600", name);
  }
  assertEquals(modeOf(backup), "600");
  assertEquals(isReadableByAll(path), false);
});

Deno.test("An existing data directory and its files keep their permissions", () => {
  using temp = new TemporaryDirectory();
  Deno.chmodSync(temp.path, 0o755);
  const { databasePath } = pathsIn(temp.path);
  for (const mode of [0o640, 0o644]) {
    Deno.writeTextFileSync(databasePath, "");
    Deno.chmodSync(databasePath, mode);
    using _directory = lockDataDirectory(temp.path);
    using _log = openDatabase(databasePath, "normal");
    const modes = [temp.path, databasePath, `${databasePath}-wal`].map(modeOf);
    assertEquals(modes, ["755", mode.toString(8), mode.toString(8)]);
    assertEquals(isReadableByAll(temp.path), mode === 0o644);
  }
});

Deno.test("lockDataDirectory() refuses a second lock until the first is released", () => {
  using temp = new TemporaryDirectory();
  {
    using _first = lockDataDirectory(temp.path);
    for (let attempt = 0; attempt < 2; attempt++) {
      const error = assertThrows(() => lockDataDirectory(temp.path), DataDirectoryError);
      assertEquals(error.message, inUse(temp.path));
    }
  }
  using _second = lockDataDirectory(temp.path);
});

Deno.test("lockDataDirectory() refuses another process", async () => {
  using temp = new TemporaryDirectory();
  using _first = lockDataDirectory(temp.path);
  const script = "try { lock(); console.log('locked'); } catch (e) { console.log(e.message); }";
  const { stdout, stderr } = await runElsewhere(temp.path, script).output();
  const decoder = new TextDecoder();
  assertEquals(decoder.decode(stdout).trim(), inUse(temp.path), decoder.decode(stderr));
});

Deno.test("lockDataDirectory() works after the process with the lock was killed", async () => {
  using temp = new TemporaryDirectory();
  const script = "lock(); console.log('locked'); setInterval(() => {}, 1000);";
  const other = runElsewhere(temp.path, script);
  const reader = other.stdout.getReader();
  assertEquals(new TextDecoder().decode((await reader.read()).value).trim(), "locked");
  assertThrows(
    () => lockDataDirectory(temp.path),
    DataDirectoryError,
    inUse(temp.path, other.pid),
  );
  other.kill("SIGKILL");
  await other.status;
  await reader.cancel();
  await other.stderr.cancel();
  using _directory = lockDataDirectory(temp.path);
});

Deno.test("lockDataDirectory() says what is wrong and what to do", () => {
  using temp = new TemporaryDirectory();
  const path = `${temp.path}/file`;
  Deno.writeTextFileSync(path, "");
  const error = assertThrows(() => lockDataDirectory(path), DataDirectoryError);
  assertEquals(
    error.message,
    `Cannot write to the data directory ${path}: the file exists already. ` +
      "Choose another with --data DIR.",
  );
});

Deno.test("lockDataDirectory() gives the system's reason without its error number", () => {
  using temp = new TemporaryDirectory();
  Deno.writeTextFileSync(`${temp.path}/file`, "");
  const below = `${temp.path}/file/below`;
  const { message } = assertThrows(() => lockDataDirectory(below), DataDirectoryError);
  assertEquals(
    message,
    `Cannot write to the data directory ${below}: not a directory. Choose another with --data DIR.`,
  );
});

Deno.test("refuseUnusableLog() refuses a pipe, which it would wait for", async () => {
  using temp = new TemporaryDirectory();
  await makePipe(`${temp.path}/partyline.db`);
  const error = assertThrows(() => refuseUnusableLog(temp.path), DataDirectoryError);
  assertMatch(error.message, /^Cannot open the log \S+partyline\.db: it is a pipe or a device\. /);
});
