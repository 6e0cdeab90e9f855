/**
 * Reads runs of the log for indexing.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { whole } from "../run_row.ts";
import type { IndexedRun } from "./block_builder.ts";

/**
 * Prepares a query for runs of the log. Reading rows as arrays takes half the time of objects. The
 * texts are strings because garbage on V8's heap is collected soon. Bytes are outside of it: during
 * a flood of log lines up to 25 MB of them waited to be collected, for no less CPU time.
 *
 * @param condition What follows `FROM run`.
 * @returns A function that takes the parameters of `condition`.
 */
export function prepareRuns(
  log: DatabaseSync,
  condition: string,
): (...parameters: number[]) => IndexedRun[] {
  const statement = log.prepare(
    `SELECT id, room_id, count, at, kind, ${whole("sender")},
      bodies, fields FROM run ${condition}`,
  );
  // Part of Node 24, but not yet of Deno's types.
  (statement as StatementSync & { setReturnArrays(on: boolean): void }).setReturnArrays(true);
  return (...parameters) => (statement.all(...parameters) as unknown as RunColumns[]).map(toRun);
}

type RunColumns = [
  id: number,
  room: number,
  count: number,
  at: number,
  kind: number,
  sender: IndexedRun["sender"],
  bodies: string,
  fields: string | null,
];

function toRun([id, room, count, at, kind, sender, bodies, fields]: RunColumns): IndexedRun {
  return { id, room, count, at, kind, sender, bodies, fields };
}
