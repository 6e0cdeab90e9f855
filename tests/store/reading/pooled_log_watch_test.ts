import { assertEquals, assertRejects } from "@std/assert";
import { DomainError } from "../../../lib/domain/domain_error.ts";
import type { QueryMatches } from "../../../lib/domain/search/log_watch.ts";
import { PooledLogWatch } from "../../../lib/store/sqlite/reading/pooled_log_watch.ts";
import { openReaderPool } from "../../support/reader_pool.ts";
import { draftOf } from "../../support/room_events.ts";
import { SqliteFile } from "../../support/sqlite_file.ts";

function brief({ through, isAll, found }: QueryMatches) {
  const matches = found.map(({ query, count, event }) => [query, count, event.seq]);
  return { through, isAll, found: matches };
}

Deno.test("PooledLogWatch looks through the log in another thread", async () => {
  await using file = new SqliteFile();
  const { log } = file.open();
  await log.append([draftOf("tea", "hot"), draftOf("tea", "cold")]);
  const pool = openReaderPool({ path: file.path, indexPath: `${file.path}-index` });
  const task = { queries: ["hot", "cold tea"], ignoredVia: "alert", now: 0 };
  const watch = new PooledLogWatch(pool, task);
  assertEquals(await watch.end(), 2);
  assertEquals(brief(await watch.look(0, [])), { through: 2, isAll: true, found: [[0, 1, 1]] });
  await log.append([draftOf("tea", "hot again")]);
  assertEquals(brief(await watch.look(2, [])), { through: 3, isAll: true, found: [[0, 1, 3]] });
  await pool.close();
});

Deno.test("PooledLogWatch rejects while the log cannot be read, and works once it can", async () => {
  await using file = new SqliteFile();
  const pool = openReaderPool({ path: file.path, indexPath: `${file.path}-index` });
  const watch = new PooledLogWatch(pool, { queries: ["hot"], ignoredVia: "alert", now: 0 });
  await assertRejects(() => watch.look(0, []), DomainError, "The log cannot be read right now");
  await file.open().log.append([draftOf("tea", "hot")]);
  assertEquals((await watch.look(0, [])).found.length, 1);
  await pool.close();
});
