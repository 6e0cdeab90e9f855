/** A pool of threads that read a log's file, as the server starts it. */

import { ReaderPool } from "../../lib/store/sqlite/reading/reader_pool.ts";
import type { SearchableLog } from "./searchable_log.ts";

export function startReader(): Worker {
  return new Worker(new URL("../../lib/cli/threads/reader_worker.ts", import.meta.url), {
    type: "module",
  });
}

export function openReaderPool({ path, indexPath }: Pick<SearchableLog, "path" | "indexPath">) {
  return new ReaderPool({ paths: { log: path, index: indexPath }, start: startReader });
}
