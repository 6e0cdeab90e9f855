/**
 * Opening what is said to be a backup.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { MIGRATIONS } from "./migrations.ts";
import { NO_LOG, refuseNoFile } from "./open_log.ts";

/**
 * Opens the file and makes sure that it is a log, and undamaged. It may be of an earlier version.
 *
 * @throws {Error} if it is not; the message is a sentence.
 */
export function openBackup(path: string): DatabaseSync {
  let backup: DatabaseSync | undefined;
  try {
    refuseNoFile(path);
    backup = new DatabaseSync(path, { readOnly: true });
    const version = backup.prepare("PRAGMA user_version").get()!.user_version as number;
    const tables = backup.prepare(
      "SELECT count(*) AS count FROM sqlite_schema WHERE type = 'table' AND name IN ('room', 'state')",
    ).get()!.count;
    if (version === 0 || tables !== 2) throw new Error(NO_LOG);
    if (version > MIGRATIONS.length) throw new Error("it is of a newer version of Partyline");
    const { integrity_check: result } = backup.prepare("PRAGMA integrity_check(1)").get()!;
    if (result !== "ok") throw new Error(`it is damaged: ${result}`);
    return backup;
  } catch (error) {
    backup?.close();
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new Error(`Cannot restore ${path}: ${(error as Error).message}`);
  }
}
