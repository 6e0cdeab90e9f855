/**
 * Looks through the log for what queries ask for, in a thread of its own: the one that serves people
 * has better things to do.
 *
 * @module
 */

import type { QueryMatches } from "../../domain/log_watch.ts";
import { parseQuery } from "../../domain/parse_query.ts";
import { LogReader } from "./log_reader.ts";
import { openLogToRead } from "./open_log.ts";
import { QueryWatch } from "./query_watch.ts";

/** What to look for, and where. */
export interface WatchTask {
  /** The log's file, which has to be there. */
  readonly path: string;
  /** In the query language. */
  readonly queries: readonly string[];
  /** What came in like this is passed over. */
  readonly ignoredVia: string;
  /** What times in queries are counted from, milliseconds since 1970. */
  readonly now: number;
}

/** What the worker is sent; first of all its task. */
export type WatchRequest = WatchTask | "end" | { readonly lookAfter: number } | "close";
/** What it answers to all but its task. */
export type WatchAnswer =
  | { readonly end: number }
  | QueryMatches
  | { readonly failure: string }
  | "closed";

const worker = self as unknown as Worker;
let task: WatchTask;
let open: { readonly watch: QueryWatch; close(): void } | undefined;

worker.onmessage = ({ data }: MessageEvent<WatchRequest>) => {
  if (typeof data === "object" && "path" in data) {
    task = data;
  } else if (data === "close") {
    open?.close();
    worker.postMessage("closed" satisfies WatchAnswer);
  } else {
    worker.postMessage(answer(data));
  }
};

/** What is thrown here would end the whole program. */
function answer(request: "end" | { readonly lookAfter: number }): WatchAnswer {
  try {
    const { watch } = open ??= openWatch();
    return request === "end" ? { end: watch.end() } : watch.look(request.lookAfter);
  } catch (error) {
    open?.close();
    open = undefined;
    return { failure: (error as Error).message };
  }
}

function openWatch() {
  const { path, queries, ignoredVia, now } = task;
  const database = openLogToRead(path);
  const watch = new QueryWatch(new LogReader(database), {
    queries: queries.map((query) => parseQuery(query, now)),
    ignoredVia,
  });
  return { watch, close: () => database.close() };
}
