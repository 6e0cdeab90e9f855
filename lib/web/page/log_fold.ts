/**
 * Folds a long run of log lines, each source by itself. Warnings, errors and the last lines are
 * always shown.
 *
 * @module
 */

import type { EventJson } from "../protocol.ts";
import type { Hole } from "./hole.ts";
import { addLevels, countLevels, isGrave } from "./log_level.ts";
import type { FoldRow } from "./row.ts";

/** A run whose beginning is not loaded is not folded if it is longer: it may be a whole log. */
export const MAX_UNBOUNDED = 300;
/** The fewest lines of a source that are folded. */
const MIN_FOLDED = 8;
/** Lines at the end of a folded run that are shown. */
const SHOWN_AT_END = 3;

/** A log line, or a hole, which has the number of its first line. */
export interface LogItem {
  readonly seq: number;
  readonly event?: EventJson;
  readonly hole?: Hole;
}

export interface LogFoldOptions {
  /** Numbers of lines whose folds are open. */
  readonly unfolded: ReadonlySet<number>;
  /** Lines from this number on are shown. */
  readonly keepFrom: number;
}

/** The rows of a folded run, in order: heads of folds, and what is shown. */
export function foldLog(
  run: readonly LogItem[],
  { unfolded, keepFrom }: LogFoldOptions,
): readonly (LogItem | FoldRow)[] {
  const end = run[Math.max(0, run.length - SHOWN_AT_END)].seq;
  const isFoldable = ({ seq, event }: LogItem) =>
    seq < keepFrom && (event === undefined || (seq < end && !isGrave(event)));
  const groups = new Map<string, LogItem[]>();
  for (const item of run) {
    if (!isFoldable(item)) continue;
    const group = groups.get(sourceOf(item));
    if (group) group.push(item);
    else groups.set(sourceOf(item), [item]);
  }
  const heads = new Map<LogItem, FoldRow>();
  const hidden = new Set<LogItem>();
  for (const [source, group] of groups) {
    const head = headOf(source, group, unfolded);
    if (head.count < MIN_FOLDED || group.length === 1) continue;
    heads.set(group[0], head);
    if (!head.isOpen) { for (const item of group) hidden.add(item); }
  }
  if (heads.size === 0) return run;
  return run.flatMap((item) => [heads.get(item) ?? [], hidden.has(item) ? [] : item].flat());
}

function headOf(
  source: string,
  group: readonly LogItem[],
  unfolded: ReadonlySet<number>,
): FoldRow {
  const events = group.flatMap(({ event }) => event ?? []);
  const holes = group.flatMap(({ hole }) => hole ?? []);
  const missing = holes.reduce((sum, { lines }) => sum + lines, 0);
  const [first] = group;
  const last = group[group.length - 1];
  const openedBy = [...unfolded].filter((number) =>
    group.some(({ seq, hole }) => seq === number || (hole && isWithin(number, hole)))
  );
  return {
    kind: "fold",
    // Holes of several sources may begin at the same number.
    key: `f${first.seq} ${source}`,
    firstSeq: first.seq,
    // What it hides may lie between the rows that follow.
    lastSeq: first.seq - 1,
    throughSeq: last.hole?.last ?? last.seq,
    openedBy,
    isOpen: openedBy.length > 0,
    count: events.length + missing,
    levels: holes.reduce((sum, { levels }) => addLevels(sum, levels), countLevels(events)),
    source,
    since: timeOf(first),
    until: timeOf(last),
    hole: holes[0],
  };
}

function isWithin(seq: number, { first, last }: Hole): boolean {
  return seq >= first && seq <= last;
}

function sourceOf({ event, hole }: LogItem): string {
  return event?.from ?? hole!.source;
}

function timeOf({ event, hole }: LogItem): string {
  return event?.at ?? hole!.at;
}
