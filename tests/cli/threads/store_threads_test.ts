import { startStoreThreads } from "../../../lib/cli/threads/store_threads.ts";
import { assertEquals } from "@std/assert";
import { WHOLE_LOG } from "../../../lib/domain/search/search_scope.ts";
import { Checkpointer } from "../../../lib/store/sqlite/checkpointer.ts";
import { openDatabase } from "../../../lib/store/sqlite/database.ts";
import { PooledHistory } from "../../../lib/store/sqlite/reading/pooled_history.ts";
import { PooledSearch } from "../../../lib/store/sqlite/reading/pooled_search.ts";
import { ReaderPool } from "../../../lib/store/sqlite/reading/reader_pool.ts";
import { Indexer } from "../../../lib/store/sqlite/search/indexer.ts";
import { until } from "../../support/patience.ts";
import { draftOf } from "../../support/room_events.ts";
import { SqliteFile } from "../../support/sqlite_file.ts";
import { SqliteTrialLog } from "../../support/sqlite_log.ts";

/** Opens something `count` times. */
function descriptors(count: number): () => Disposable {
  return () => {
    if (count-- === 0) throw new Error("EMFILE");
    return { [Symbol.dispose]: () => void count++ };
  };
}

Deno.test("startStoreThreads() has one thread index, make checkpoints and read if there are few descriptors", async () => {
  await using file = new SqliteFile();
  const threads = await startStoreThreads(descriptors(40));
  const { startIndex, startCheckpoints, startReader } = threads;
  assertEquals(threads.readers, 1);
  const paths = { log: file.path, index: `${file.directory}/search.db` };
  const database = openDatabase(file.path, "normal");
  const indexer = new Indexer(paths, { start: startIndex });
  const checkpointer = new Checkpointer(database, file.path, startCheckpoints);
  const pool = new ReaderPool({ paths, start: startReader });
  const log = new SqliteTrialLog(database, { indexer, checkpointer });
  await Promise.all([indexer.ready, checkpointer.ready, pool.ready()]);
  await log.append([draftOf("tea", "green"), draftOf("tea", "x".repeat(3_000_000))]);
  await until("the index has caught up", () => indexer.lagMs === 0);
  await checkpointer.giveBack();
  assertEquals(Deno.statSync(`${file.path}-wal`).size, 0);
  const [event] = await new PooledHistory(pool).read("tea", 0, 1);
  assertEquals(event.body, "green");
  const search = new PooledSearch({ pool });
  const { hits } = await search.search({ query: "green", limit: 10, context: 0, scope: WHOLE_LOG });
  assertEquals(hits.map(({ event }) => event.seq), [1]);
  await pool.close();
  await log.close();
  // The last connection to close leaves no files behind.
  const names = Array.from(Deno.readDirSync(file.directory), ({ name }) => name).sort();
  assertEquals(names, ["partyline.db", "search.db"]);
});

Deno.test("startStoreThreads() has more threads where there are descriptors for them", async () => {
  const few = await startStoreThreads(descriptors(100));
  assertEquals([few.readers, few.startIndex], [1, undefined]);
  const many = await startStoreThreads(descriptors(10_000));
  assertEquals(many.readers, Math.max(1, Math.min(3, navigator.hardwareConcurrency - 1)));
});
