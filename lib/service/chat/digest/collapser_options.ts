/**
 * How much of a flood of log lines is passed on, for each kind of reader.
 *
 * @module
 */

import type { Level } from "../../../level.ts";

/** How much of a flood is passed on. */
export interface CollapserOptions {
  /** Lines of all sources together that are shown at once in a second, if none are held back. */
  readonly first: number;
  /** How long lines are held back while there are too many. */
  readonly foldMs: number;
  /** The number of lines, the latest of all sources, that are shown one by one. */
  readonly latest: number;
  /** Levels whose lines are shown one by one. */
  readonly grave: ReadonlySet<Level>;
  /** Most such lines of each level at a time. */
  readonly mostGrave: number;
  /** Sources that are folded one by one if they are too fast only together. */
  readonly mostFolds: number;
}

/** For lines of text: as little as possible. */
export const BRIEF: CollapserOptions = {
  first: 3,
  foldMs: 1000,
  latest: 0,
  grave: new Set(),
  mostGrave: 0,
  mostFolds: 0,
};

/** For the page, on which people watch a log: less than a screen at a time, so that errors are seen. */
export const WATCHABLE: CollapserOptions = {
  first: 0,
  foldMs: 500,
  latest: 10,
  grave: new Set<Level>(["emerg", "alert", "crit", "err", "warning"]),
  mostGrave: 100,
  mostFolds: 50,
};
