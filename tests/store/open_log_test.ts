import { assertEquals, assertThrows } from "@std/assert";
import { systemClock } from "../../lib/clock.ts";
import { openDatabase } from "../../lib/store/sqlite/database.ts";
import { followRoom } from "../../lib/store/sqlite/follow_room.ts";
import { LogReader } from "../../lib/store/sqlite/log_reader.ts";

import { openLogToRead } from "../../lib/store/sqlite/open_log.ts";
import { draftOf } from "../support/room_events.ts";
import { SqliteTrialLog } from "../support/sqlite_log.ts";
import { canMount, SmallDisk } from "../support/small_disk.ts";

// For root nothing but a read-only file system forbids to write.
const ignore = !await canMount();

/** Writes a line into the log as a server would, and stops cleanly. */
async function write(path: string, text: string): Promise<void> {
  const log = new SqliteTrialLog(openDatabase(path, "normal"));
  await log.append([draftOf("tea", text)]);
  await log.close();
}

Deno.test({
  name: "openLogToRead() reads a closed log in a directory that it may not write to",
  ignore,
  async fn() {
    await using disk = (await SmallDisk.mount())!;
    const path = `${disk.path}/partyline ?#%.db`;
    await write(path, "hello");
    await disk.makeReadOnly();
    using log = openLogToRead(path);
    const reader = new LogReader(log);
    const { id } = reader.room("tea")!;
    assertEquals(reader.range(id, 1, 9).map(({ body }) => body), ["hello"]);
  },
});

Deno.test({
  name: "followRoom() sees a server start that writes a log opened as immutable",
  ignore,
  async fn() {
    await using disk = (await SmallDisk.mount())!;
    const path = `${disk.path}/partyline.db`;
    await write(path, "before");
    await disk.makeReadOnly();
    const stop = new AbortController();
    const options = { after: 0, clock: systemClock, signal: stop.signal };
    const bodies: string[] = [];
    let server: SqliteTrialLog | undefined;
    for await (const events of followRoom(path, "tea", options)) {
      bodies.push(...events.map(({ body }) => body));
      if (bodies.length === 2) break;
      await disk.makeWritable();
      server = new SqliteTrialLog(openDatabase(path, "normal"));
      await server.append([draftOf("tea", "after")]);
    }
    await server!.close();
    assertEquals(bodies, ["before", "after"]);
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
