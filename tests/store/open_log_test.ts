import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type Ending, Output, runProgram, runToEnd } from "../support/server_process.ts";
import { openDatabase } from "../../lib/store/sqlite/database.ts";

import { openLogToRead } from "../../lib/store/sqlite/open_log.ts";
import { draftOf } from "../support/room_events.ts";
import { SqliteTrialLog } from "../support/sqlite_log.ts";
import { canMount, SmallDisk } from "../support/small_disk.ts";

// Only a read-only file system keeps root from writing.
const ignore = !await canMount();

/** Writes a line into the log as a server would, and stops cleanly. */
async function write(path: string, text: string): Promise<void> {
  const log = new SqliteTrialLog(openDatabase(path, "normal"));
  await log.append([draftOf("tea", text)]);
  await log.close();
}

/** Runs `tail` with these flags of `deno run` on a log in a directory that cannot be written to. */
async function tailReadOnly(disk: SmallDisk, denoFlags?: string[]): Promise<Ending> {
  await write(`${disk.path}/partyline.db`, "hello");
  await disk.makeReadOnly();
  return await runToEnd(["tail", "tea", "--data", disk.path], { denoFlags });
}

Deno.test({
  name: "tail reads a closed log in a directory that it may not write to, with all permissions",
  ignore,
  async fn() {
    await using disk = (await SmallDisk.mount())!;
    const { code, stdout } = await tailReadOnly(disk, ["-A"]);
    assertEquals(code, 0);
    assertStringIncludes(stdout, "hello");
  },
});

Deno.test({
  name: "tail says what to do about a directory that it may not write to",
  ignore,
  async fn() {
    await using disk = (await SmallDisk.mount())!;
    const { code, stderr } = await tailReadOnly(disk);
    assertEquals(code, 1);
    assertStringIncludes(
      stderr,
      "its directory is not writable. Run this as the user of the server",
    );
  },
});

Deno.test({
  name: "tail -f sees a server start that writes a log in a directory it may not write to",
  ignore,
  async fn() {
    await using disk = (await SmallDisk.mount())!;
    const path = `${disk.path}/partyline.db`;
    await write(path, "before");
    await disk.makeReadOnly();
    const args = ["tail", "tea", "--follow", "--data", disk.path];
    const process = runProgram(args, { denoFlags: ["-A"] });
    const [stdout, stderr] = [new Output(process.stdout), new Output(process.stderr)];
    try {
      assert(await stdout.until(/before/));
      await disk.makeWritable();
      const server = new SqliteTrialLog(openDatabase(path, "normal"));
      await server.append([draftOf("tea", "after")]);
      assert(await stdout.until(/after/));
      await server.close();
    } finally {
      process.kill("SIGTERM");
      await Promise.all([process.status, stdout.all, stderr.all]);
    }
  },
});

Deno.test("openLogToRead() says what is wrong with a path", () => {
  assertThrows(
    () => openLogToRead("/nonexistent/partyline.db"),
    Error,
    "Cannot read the log /nonexistent/partyline.db: there is no such file",
  );
  assertThrows(() => openLogToRead("/"), Error, "Cannot read the log /: it is a directory");
});
