/** A long batch, stored over several turns. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { setImmediate } from "node:timers/promises";
import type { RoomEvent } from "../../lib/domain/room_event.ts";
import { openDatabase } from "../../lib/store/sqlite/database.ts";
import { SqliteMessageLog } from "../../lib/store/sqlite/message_log.ts";
import { SqliteSweep } from "../../lib/store/sqlite/sweep.ts";
import { SqliteFile } from "../support/sqlite_file.ts";

const COUNT = 3000;

function parts(): RoomEvent[] {
  return Array.from({ length: COUNT }, (_, index) => ({
    id: index + 1,
    room: "lobby",
    seq: index + 1,
    at: 1000,
    kind: "part",
    from: `p${index}`,
    body: "",
    via: "irc",
    origin: index,
  }));
}

const SETTINGS = Array.from({ length: COUNT }, (_, index) => {
  return { service: "names", key: `p${index}`, value: "1", at: 1000 };
});

Deno.test("SqliteMessageLog.store() gives others turns in a long batch, which is seen at once", async () => {
  await using file = new SqliteFile();
  const log = new SqliteMessageLog(openDatabase(file.path, "normal"));
  using other = openDatabase(file.path, "normal");
  const seen = () => {
    const count = (sql: string) => (other.prepare(sql).get() as { count: number }).count;
    return [
      count("SELECT count(*) AS count FROM run"),
      count("SELECT count(*) AS count FROM state"),
    ];
  };
  const sights: number[][] = [];
  await log.store(parts(), SETTINGS, [], async () => {
    await setImmediate();
    sights.push(seen());
  });
  assert(sights.length > 20, `${sights.length} turns`);
  // The commit gets a turn of its own.
  assertEquals(sights.pop(), [COUNT, COUNT]);
  assertEquals(sights.filter(([runs, values]) => runs + values > 0), []);
  await log.close();
});

Deno.test("SqliteMessageLog.store() takes back what was written before a turn that fails", async () => {
  await using file = new SqliteFile();
  const database = openDatabase(file.path, "normal");
  const log = new SqliteMessageLog(database);
  let turns = 0;
  const fail = () => ++turns === 5 ? Promise.reject(new Error("out of order")) : Promise.resolve();
  await assertRejects(() => log.store(parts(), SETTINGS, [], fail), Error, "out of order");
  assertEquals([await log.lastId(), await log.roomEnd("lobby")], [0, undefined]);
  await log.store(parts());
  assertEquals(await log.lastId(), COUNT);
  await log.close();
});

Deno.test("SqliteSweep waits until a long batch is stored", async () => {
  await using file = new SqliteFile();
  const database = openDatabase(file.path, "normal");
  const log = new SqliteMessageLog(database);
  const sweep = new SqliteSweep(database);
  let swept: Promise<boolean> | undefined;
  await log.store(parts(), [], [], async () => {
    const goal = { now: 1e9, before: 1e9, bytes: 0 };
    swept ??= sweep.sweep(1, goal);
    await setImmediate();
  });
  await swept;
  const [{ sweptSeq }] = database.prepare("SELECT swept_seq AS sweptSeq FROM room").all();
  assert(Number(sweptSeq) > 0);
  await log.close();
});
