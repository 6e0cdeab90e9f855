/** A database file in a temporary directory. */

import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../../lib/clock.ts";
import { type Durability, openDatabase } from "../../lib/store/sqlite/database.ts";
import { SqliteTrialLog } from "./sqlite_log.ts";
import { TemporaryDirectory } from "./temporary_directory.ts";

export class SqliteFile implements AsyncDisposable {
  readonly #temporary = new TemporaryDirectory();
  readonly directory = this.#temporary.path;
  readonly path = `${this.directory}/partyline.db`;
  readonly #logs: SqliteTrialLog[] = [];

  /** Opens the file and a log on it; both are closed at the end if they are still open. */
  open(
    { clock, durability = "normal" }: { clock?: Clock; durability?: Durability } = {},
  ): { log: SqliteTrialLog; database: DatabaseSync } {
    const database = openDatabase(this.path, durability);
    const log = new SqliteTrialLog(database, { clock });
    this.#logs.push(log);
    return { log, database };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    using _temporary = this.#temporary;
    for (const log of this.#logs) await log.close();
  }
}
