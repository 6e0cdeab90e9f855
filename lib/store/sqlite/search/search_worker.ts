/**
 * The worker of `search_thread.ts`: searches, one query after the other.
 *
 * @module
 */

import type { SearchResult } from "../../../domain/search.ts";
import type { SearchQuery } from "../../../domain/search_query.ts";
import type { IndexPaths } from "./index_keeper.ts";
import { SearchFiles } from "./search_files.ts";
import { type PageRequest, searchPage } from "./search_page.ts";

/** What the worker is sent. */
export interface SearchTask {
  readonly paths: IndexPaths;
  readonly query: SearchQuery;
  readonly page: PageRequest;
  readonly timeLimitMs: number;
}
/** What it is sent last. */
export type SearchClose = "close";
/** What it sends once it can take tasks, and once it has closed the files. */
export type SearchState = "ready" | "closed";
/** What it answers; `damage` says what is wrong with the index. */
export type SearchReply =
  | { readonly result: SearchResult; readonly damage: string | undefined }
  | { readonly failure: string };

const worker = self as unknown as Worker;
let files: SearchFiles | undefined;

worker.onmessage = ({ data }: MessageEvent<SearchTask | SearchClose>) => {
  worker.postMessage(data === "close" ? close() : answer(data));
};
worker.postMessage("ready" satisfies SearchState);

/** Returns errors instead of throwing: an uncaught error in a worker ends the whole program. */
function answer({ paths, query, page, timeLimitMs }: SearchTask): SearchReply {
  try {
    files ??= new SearchFiles(paths);
    const { searcher, reader } = files;
    const result = searchPage({ searcher, reader }, query, page, timeLimitMs);
    return { result, damage: searcher.damage?.message };
  } catch (error) {
    return { failure: (error as Error).message };
  }
}

function close(): SearchState {
  files?.[Symbol.dispose]();
  return "closed";
}
