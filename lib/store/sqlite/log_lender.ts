/**
 * A connection to the log for parts of one thread that never use it at the same time: together they
 * take two descriptors fewer than with a connection each.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";

/** A connection that is given back when it is disposed. */
export interface BorrowedLog extends Disposable {
  readonly database: DatabaseSync;
}

/** @throws {Error} if the log cannot be opened. */
export type BorrowLog = (path: string) => BorrowedLog;

export class LogLender {
  #database: DatabaseSync | undefined;
  #borrowers = 0;

  /** Lends the connection, on which nothing but checkpoints can be written. */
  readonly borrow: BorrowLog = (path) => {
    const database = this.#database ??= open(path);
    this.#borrowers++;
    return {
      database,
      [Symbol.dispose]: () => {
        if (--this.#borrowers > 0) return;
        this.#database = undefined;
        database.close();
      },
    };
  };
}

function open(path: string): DatabaseSync {
  // SQLite would create a file that is gone.
  Deno.statSync(path);
  const database = new DatabaseSync(path);
  database.exec("PRAGMA query_only = 1");
  // See `database.ts`. It is read once, in order.
  database.exec("PRAGMA cache_size = -256");
  // SQLite opens the file, and the write-ahead file, when it is first read.
  database.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get();
  return database;
}

/** A connection that nobody else has. */
export function ownLog(path: string): BorrowedLog {
  return new LogLender().borrow(path);
}
