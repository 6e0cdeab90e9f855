/**
 * State in the SQLite file: all changes of one turn of the event loop in one transaction.
 *
 * It writes through the log's own connection. Both begin and end a transaction without waiting in
 * between, so neither is ever in the middle of the other's.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import type { DatabaseSync } from "node:sqlite";
import type { StateChange, StateStore } from "../../domain/state_store.ts";
import type { Checkpointer } from "./checkpointer.ts";
import { type StoredText, textOf, whole } from "./run_row.ts";

/** What a commit of one small value adds to the write-ahead file, roughly: a page. */
const COMMIT_BYTES = 4096;

export interface StateStoreOptions {
  /** Makes the checkpoints; without one, commits do. */
  readonly checkpointer?: Pick<Checkpointer, "wrote">;
}

interface Pending {
  /** Makes the change in the open transaction; returns what tells its caller, after the commit. */
  apply(): () => void;
  /** Tells its caller that it was not kept. */
  reject(error: unknown): void;
}

export class SqliteStateStore implements StateStore {
  readonly #database: DatabaseSync;
  readonly #checkpointer: StateStoreOptions["checkpointer"];
  readonly #statements: ReturnType<typeof prepareStatements>;
  #pending: Pending[] = [];
  #writtenBytes = 0;

  /** @param database As `openDatabase` gives it; whoever opened it closes it. */
  constructor(database: DatabaseSync, { checkpointer }: StateStoreOptions = {}) {
    this.#database = database;
    this.#checkpointer = checkpointer;
    this.#statements = prepareStatements(database);
  }

  update<Result>(
    service: string,
    key: string,
    change: (value: string | undefined) => StateChange<Result>,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      const apply = () => {
        const old = this.#read(service, key);
        let made: StateChange<Result>;
        try {
          made = change(old);
        } catch (error) {
          return () => reject(error);
        }
        const { value, result } = made;
        if (value !== undefined) this.#write(service, key, value);
        return () => resolve(result);
      };
      if (this.#pending.push({ apply, reject }) === 1) setImmediate(() => this.#commit());
    });
  }

  // deno-lint-ignore require-await -- as the contract has it
  async all(service: string): Promise<ReadonlyMap<string, string>> {
    const rows = this.#statements.all.all(service) as { key: StoredText; value: StoredText }[];
    return new Map(rows.map(({ key, value }) => [textOf(key), textOf(value)]));
  }

  #commit(): void {
    const pending = this.#pending;
    this.#pending = [];
    this.#writtenBytes = 0;
    let tellCallers: (() => void)[];
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      tellCallers = pending.map(({ apply }) => apply());
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#abandon();
      for (const { reject } of pending) reject(error);
      return;
    }
    for (const tell of tellCallers) tell();
    if (this.#writtenBytes > 0) this.#checkpointer?.wrote(COMMIT_BYTES + this.#writtenBytes);
  }

  #abandon(): void {
    // Some failures, a full disk among them, have rolled back already.
    if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec("ROLLBACK");
  }

  #read(service: string, key: string): string | undefined {
    const row = this.#statements.read.get(service, key) as { value: StoredText } | undefined;
    return row && textOf(row.value);
  }

  #write(service: string, key: string, value: string): void {
    this.#statements.write.run(service, key, value);
    this.#writtenBytes += key.length + value.length;
  }
}

function prepareStatements(database: DatabaseSync) {
  return {
    read: database.prepare(`SELECT ${whole("value")} FROM state WHERE service = ? AND key = ?`),
    write: database.prepare(
      `INSERT INTO state (service, key, value) VALUES (?, ?, ?)
        ON CONFLICT (service, key) DO UPDATE SET value = excluded.value`,
    ),
    all: database.prepare(
      `SELECT ${whole("key")}, ${whole("value")} FROM state WHERE service = ? ORDER BY id`,
    ),
  };
}
