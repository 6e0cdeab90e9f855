/**
 * Keeps the index up to date with the log in another thread, so that the one that serves people
 * never waits for it.
 *
 * @module
 */

import type { BorrowLog } from "../log_lender.ts";
import type { ThreadScope } from "../thread_ends.ts";
import { IndexKeeper, type IndexPaths } from "./index_keeper.ts";

/** A message to the thread. The paths come first. */
export type IndexRequest =
  | IndexPaths
  /** The log has new events. */
  | "wake"
  /** Somebody found the index damaged. */
  | { readonly rebuild: string }
  | "close";
/** What the thread has to tell. */
export type IndexNews =
  /** The id of the last indexed event, and whether that was all of the log. */
  | { readonly through: number; readonly isAll: boolean }
  /** A step failed; it is retried later. */
  | { readonly failure: string }
  /** The reason why the index is rebuilt. */
  | { readonly rebuilding: string };
/** A message from the thread: `ready` once the files are open, or cannot be opened. */
export type IndexReport = "ready" | IndexNews | "closed";

/** Wait this long for more events: a few large steps cost less than many small ones. */
const GATHER_MS = 300;
/** Wait this long after a failure. */
const RETRY_MS = 5000;
/** How often it looks for events that the log no longer has, and the pause between two steps. */
const SWEEP_MS = 300_000;
const SWEEP_REST_MS = 20;

/** Serves the indexer that started this thread. */
export function serveIndex(
  scope: ThreadScope<IndexRequest, IndexReport>,
  borrowLog?: BorrowLog,
): void {
  let keeper: IndexKeeper;
  let indexing: ReturnType<typeof setTimeout> | undefined;
  let sweeping: ReturnType<typeof setTimeout> | undefined;

  const report = (report: IndexReport) => scope.postMessage(report, []);

  /** Reports errors instead of throwing: an uncaught error in a thread ends the whole program. */
  const attempt = (work: () => void) => {
    try {
      work();
    } catch (error) {
      report({ failure: (error as Error).message });
      indexSoon(RETRY_MS);
    }
  };

  const indexSoon = (ms: number) => {
    indexing ??= setTimeout(() => {
      indexing = undefined;
      attempt(() => {
        const { events, through, isFull } = keeper.step();
        report({ through, isAll: events === 0 && !isFull });
        // A timer, so that requests are handled in between.
        if (events > 0 || isFull) indexSoon(isFull ? 0 : GATHER_MS);
      });
    }, ms);
  };

  const sweepSoon = (ms: number) => {
    sweeping = setTimeout(() => {
      let hasMore = false;
      attempt(() => hasMore = keeper.sweep());
      sweepSoon(hasMore ? SWEEP_REST_MS : SWEEP_MS);
    }, ms);
  };

  const open = (paths: IndexPaths) => {
    keeper = new IndexKeeper(paths, (reason) => report({ rebuilding: reason }), { borrowLog });
    // Takes its descriptors now, before connections take the last ones.
    attempt(() => keeper.open());
    report("ready");
    indexSoon(0);
    sweepSoon(SWEEP_MS);
  };

  const rebuild = (reason: string) => {
    attempt(() => keeper.rebuild(reason));
    indexSoon(0);
  };

  const close = () => {
    clearTimeout(indexing);
    clearTimeout(sweeping);
    keeper.close();
    report("closed");
  };

  scope.onmessage = ({ data }) => {
    if (data === "close") close();
    else if (data === "wake") indexSoon(GATHER_MS);
    else if ("rebuild" in data) rebuild(data.rebuild);
    else open(data);
  };
}
