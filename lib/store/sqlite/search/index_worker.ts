/**
 * Keeps the index up to date with the log, in a thread of its own: it reads what was committed, and
 * the thread that serves people never waits for it.
 *
 * @module
 */

import { IndexKeeper, type IndexPaths } from "./index_keeper.ts";

/** What the worker is sent; first of all the paths. */
export type IndexRequest =
  | IndexPaths
  /** There is something new in the log. */
  | "wake"
  /** Somebody who read the index found it damaged. */
  | "rebuild"
  | "close";
/** What it says. */
export type IndexReport =
  /** The id of the last event that is indexed, and whether there was no more. */
  | { readonly through: number; readonly isAll: boolean }
  /** It goes on, but not now. */
  | { readonly failure: string }
  /** The index is made anew, and why. */
  | { readonly rebuilding: string }
  | "closed";

/** So long it gathers what comes: many small steps cost more than a few large ones. */
const GATHER_MS = 300;
/** After a failure. */
const RETRY_MS = 5000;
/** How often it looks for what the log has let go of, and how long it rests between the steps. */
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
      // Requests are heard in between.
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

/** What is thrown in a worker would end the whole program, and no index is worth that. */
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
