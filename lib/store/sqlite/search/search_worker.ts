/**
 * Searches in a thread of its own, one query after the other.
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
/** What it says once it can be sent something, and once it has let go of the files. */
export type SearchState = "ready" | "closed";
/** What it answers; `damage` where the index is not what it should be. */
export type SearchReply =
  | { readonly result: SearchResult; readonly damage: string | undefined }
  | { readonly failure: string };

const worker = self as unknown as Worker;
let files: SearchFiles | undefined;

worker.onmessage = ({ data }: MessageEvent<SearchTask | SearchClose>) => {
  worker.postMessage(data === "close" ? close() : answer(data));
};
worker.postMessage("ready" satisfies SearchState);

/** What is thrown in a worker would end the whole program. */
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
