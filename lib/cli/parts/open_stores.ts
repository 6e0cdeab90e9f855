/**
 * Opens the log, its index and the state, with the threads that work on them.
 *
 * @module
 */

import type { RetentionRules } from "../../domain/retention/retention.ts";
import { Checkpointer } from "../../store/sqlite/checkpointer.ts";
import { type DataDirectory, refuseUnusableLog } from "../../store/sqlite/data_directory.ts";
import { openDatabase } from "../../store/sqlite/database.ts";
import { DiskReserve } from "../../store/sqlite/disk_reserve.ts";
import { LogGuard } from "../../store/sqlite/log_guard.ts";
import { SqliteMessageLog } from "../../store/sqlite/message_log.ts";
import { PooledHistory } from "../../store/sqlite/reading/pooled_history.ts";
import { PooledSearch } from "../../store/sqlite/reading/pooled_search.ts";
import { ReaderPool } from "../../store/sqlite/reading/reader_pool.ts";
import { Indexer } from "../../store/sqlite/search/indexer.ts";
import { SqliteStateStore } from "../../store/sqlite/state_store.ts";
import { SqliteSweep } from "../../store/sqlite/sweep.ts";
import { DamageReport } from "../../store/sqlite/verify/damage_report.ts";
import { PageChecker } from "../../store/sqlite/verify/page_check.ts";
import { missingAtEnd } from "../../store/sqlite/verify/missing_at_end.ts";
import type { ServeOptions } from "../settings/serve_options.ts";
import { startStoreThreads, type StoreThreads } from "../threads/store_threads.ts";

/** @throws {Error} if the log cannot be opened; the message is a sentence that says what to do. */
export async function openStores(directory: DataDirectory, options: ServeOptions) {
  const { data } = options;
  refuseUnusableLog(data);
  const threads = await startStoreThreads(directory.openSpare);
  try {
    return openFiles(directory, options, threads);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const { message } = error as Error;
    const advice = /full/.test(message)
      ? "Free some space on the disk of the data directory."
      : `Move ${data} away, or choose another directory with --data DIR.`;
    throw new Error(`Cannot open the log ${directory.databasePath}: ${message}. ${advice}`);
  }
}

function openFiles(
  { databasePath: path, indexPath }: DataDirectory,
  { data, durability, retention }: ServeOptions,
  { readers: count, startReader, startIndex, startCheckpoints }: StoreThreads,
) {
  const paths = { log: path, index: indexPath };
  const database = openDatabase(path, durability);
  const guard = new LogGuard(path);
  const damage = new DamageReport();
  // Before the index is brought up to date: it may know of events that are gone.
  damage.add([...new PageChecker(database).checkEnd(), ...missingAtEnd(database, indexPath)]);
  const checkpointer = new Checkpointer(database, path, startCheckpoints);
  const indexer = new Indexer(paths, { start: startIndex });
  const sweep = new SqliteSweep(database, { checkpointer });
  let reserve: DiskReserve | undefined;
  const prepareRetention = (rules: RetentionRules) => {
    if (rules.areAny) sweep.useReserve(reserve ??= new DiskReserve(`${data}/reserve`));
  };
  prepareRetention(retention);
  const readers = new ReaderPool({ paths, start: startReader, threads: count });
  const log = new SqliteMessageLog(database, { checkpointer, indexer, guard });
  return {
    log,
    guard,
    indexer,
    damage,
    history: new PooledHistory(readers, log),
    readers,
    rebuildIndex: (reason: string) => indexer.rebuild(reason),
    search: new PooledSearch({
      pool: readers,
      onDamage: () => indexer.rebuild(),
    }),
    state: new SqliteStateStore(database, { checkpointer, guard }),
    sweep,
    /** Called before rooms are kept within other limits. */
    prepareRetention,
    /** What bulk writers should await, if anything. */
    brake: () => indexer.backpressure() ?? checkpointer.backpressure(),
    /** Resolves once all threads have opened their files: later, descriptors may be used up. */
    async ready(): Promise<void> {
      await Promise.all([checkpointer.ready, indexer.ready, readers.ready()]);
    },
  };
}
