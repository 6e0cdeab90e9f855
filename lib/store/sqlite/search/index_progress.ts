/**
 * How far the log is indexed, and whether an index belongs to a log.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";

/** The last run that is indexed; zeros if there is none. */
export interface Progress {
  readonly id: number;
  /** When it was accepted, milliseconds since 1970. */
  readonly at: number;
}

/** How far an index goes. */
export function readProgress(index: DatabaseSync): Progress {
  return index.prepare("SELECT id, at FROM progress").get() as unknown as Progress;
}

/** Whether the log lacks the run that was indexed last although it cannot have been swept. */
export function isOfAnotherLog(log: DatabaseSync, { id, at }: Progress): boolean {
  const run = log.prepare("SELECT at FROM run WHERE id = ?").get(id);
  if (run) return run.at !== at;
  const { last } = log.prepare(
    `SELECT max(
      coalesce((SELECT max(id) FROM run), 0),
      coalesce((SELECT max(swept_id) FROM room), 0)
    ) AS last`,
  ).get()!;
  return (last as number) < id;
}
