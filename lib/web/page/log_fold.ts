/**
 * Folds a long run of log lines, so that only its last lines are shown.
 *
 * @module
 */

import type { EventJson } from "../protocol.ts";
import type { Hole } from "./hole.ts";
import type { FoldRow } from "./row.ts";

/** Shortest run that is folded. */
const MIN_FOLDED = 8;
/** Lines at the end of a folded run that stay visible. */
const SHOWN_OF_FOLD = 3;

/** A log line, or a hole, which has the number of its last line. */
export interface LogItem {
  readonly seq: number;
  readonly event?: EventJson;
  readonly hole?: Hole;
}

export interface LogFold {
  /** The row above the lines; absent if the run is too short to fold. */
  readonly head?: FoldRow;
  readonly shown: readonly LogItem[];
}

/** @param unfolded Numbers of lines whose runs are shown in full. */
export function foldLog(run: readonly LogItem[], unfolded: ReadonlySet<number>): LogFold {
  const holes = run.flatMap(({ hole }) => hole ?? []);
  const missing = holes.reduce((sum, { lines }) => sum + lines, 0);
  const count = run.length - holes.length + missing;
  if (count < MIN_FOLDED && holes.length === 0) return { shown: run };
  const firstSeq = Math.min(run[0].seq, ...holes.map(({ first }) => first));
  const lastSeq = run[run.length - 1].seq;
  const isOpen = [...unfolded].some((seq) => seq >= firstSeq && seq <= lastSeq);
  const shown = isOpen ? run : endOf(run);
  const hidden = isOpen ? missing : count - shown.length;
  const throughSeq = isOpen || shown.length === 0
    ? lastSeq
    : run[run.length - shown.length - 1].seq;
  return {
    shown,
    head: {
      kind: "fold",
      key: `f${firstSeq}`,
      firstSeq,
      // Every line of an open run has a row of its own.
      lastSeq: isOpen ? firstSeq - 1 : throughSeq,
      throughSeq,
      isOpen,
      count,
      hidden,
      sources: [...new Set(run.flatMap(({ event, hole }) => event?.from ?? hole?.sources ?? []))],
      since: timeOf(run[0]),
      until: timeOf(run[run.length - 1]),
      hole: holes[0],
    },
  };
}

/** The last lines of a run, after its last hole. */
function endOf(run: readonly LogItem[]): readonly LogItem[] {
  const end = run.slice(-SHOWN_OF_FOLD);
  return end.slice(end.findLastIndex(({ hole }) => hole !== undefined) + 1);
}

function timeOf({ event, hole }: LogItem): string {
  return event?.at ?? hole!.at;
}
