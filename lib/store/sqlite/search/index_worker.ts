/**
 * Keeps the index up to date with the log, in a thread of its own, so that the thread that serves
 * people never waits for it.
 *
 * @module
 */

import { IndexKeeper, type IndexPaths } from "./index_keeper.ts";

/** A message to the worker. The paths come first. */
export type IndexRequest =
  | IndexPaths
  /** The log has new events. */
  | "wake"
  /** A search found the index damaged. */
  | "rebuild"
  | "close";
/** A message from the worker. */
export type IndexReport =
  /** The id of the last indexed event, and whether that was all of the log. */
  | { readonly through: number; readonly isAll: boolean }
  /** A step failed; it is retried later. */
  | { readonly failure: string }
  /** The reason why the index is rebuilt. */
  | { readonly rebuilding: string }
  | "closed";

/** Wait this long for more events: a few large steps cost less than many small ones. */
const GATHER_MS = 300;
/** Wait this long after a failure. */
const RETRY_MS = 5000;
/** How often it looks for events that the log no longer has, and the pause between two steps. */
const SWEEP_MS = 300_000;
const SWEEP_REST_MS = 20;

const worker = self as unknown as Worker;
let keeper: IndexKeeper;
let indexing: ReturnType<typeof setTimeout> | undefined;
let sweeping: ReturnType<typeof setTimeout> | undefined;

worker.onmessage = ({ data }: MessageEvent<IndexRequest>) => {
  if (data === "close") close();
  else if (data === "wake") indexSoon(GATHER_MS);
  else if (data === "rebuild") rebuild();
  else open(data);
};

function open(paths: IndexPaths): void {
  keeper = new IndexKeeper(paths, (reason) => report({ rebuilding: reason }));
  indexSoon(0);
  sweepSoon(SWEEP_MS);
}

function rebuild(): void {
  attempt(() => keeper.rebuild("a search found it damaged"));
  indexSoon(0);
}

function indexSoon(ms: number): void {
  indexing ??= setTimeout(() => {
    indexing = undefined;
    attempt(() => {
      const { events, through, isFull } = keeper.step();
      report({ through, isAll: events === 0 });
      // A timer, so that requests are handled in between.
      if (events > 0) indexSoon(isFull ? 0 : GATHER_MS);
    });
  }, ms);
}

function sweepSoon(ms: number): void {
  sweeping = setTimeout(() => {
    let hasMore = false;
    attempt(() => hasMore = keeper.sweep());
    sweepSoon(hasMore ? SWEEP_REST_MS : SWEEP_MS);
  }, ms);
}

/** Reports errors instead of throwing: an uncaught error in a worker ends the whole program. */
function attempt(work: () => void): void {
  try {
    work();
  } catch (error) {
    report({ failure: (error as Error).message });
    indexSoon(RETRY_MS);
  }
}

function close(): void {
  clearTimeout(indexing);
  clearTimeout(sweeping);
  keeper.close();
  report("closed");
}

function report(report: IndexReport): void {
  worker.postMessage(report);
}
