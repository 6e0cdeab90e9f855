/**
 * State in the SQLite file: all changes of one turn of the event loop share one transaction.
 *
 * It writes through the log's own connection. The transactions of both are synchronous, so they
 * never overlap.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import type { DatabaseSync } from "node:sqlite";
import { type Clock, systemClock } from "../../clock.ts";
import {
  type StateChange,
  type StateStore,
  type StateTable,
  type StoredValue,
  USE_RESOLUTION_MS,
} from "../../domain/state_store.ts";
import { log } from "../../log.ts";
import type { Checkpointer } from "./checkpointer.ts";
import type { LogGuard } from "./log_guard.ts";
import { type StoredText, textOf, whole } from "./run_row.ts";

/** Approximate bytes that a commit of one small value adds to the write-ahead file: a page. */
const COMMIT_BYTES = 4096;
/** Approximate bytes of a changed row besides its texts. */
const ROW_BYTES = 64;

export interface StateStoreOptions {
  /** Makes checkpoints; without one, commits make them. */
  readonly checkpointer?: Pick<Checkpointer, "wrote">;
  /** Knows whether the file is still there. */
  readonly guard?: Pick<LogGuard, "check">;
  /** Stamps uses of values. @default {systemClock} */
  readonly clock?: Clock;
}

/** Sets a value: service, key, value, time of use. */
export const SET_STATE = `INSERT INTO state (service, key, value, used) VALUES (?, ?, ?, ?)
  ON CONFLICT (service, key) DO UPDATE SET value = excluded.value, used = excluded.used`;

interface ValueRow {
  readonly id: number;
  readonly value: StoredText;
  readonly used: number;
}

interface TextRow {
  readonly key: StoredText;
  readonly value: StoredText;
}

/** The outcome of a change in the open transaction. */
type Outcome<Result> = { readonly result: Result } | { readonly error: unknown };

interface Pending {
  /** Makes the change in the transaction; returns a function that settles it afterwards. */
  apply(): () => void;
  /** Settles a change that could not be committed. */
  reject(error: unknown): void;
}

export class SqliteStateStore implements StateStore, StateTable {
  readonly #database: DatabaseSync;
  readonly #checkpointer: StateStoreOptions["checkpointer"];
  readonly #guard: StateStoreOptions["guard"];
  readonly #clock: Clock;
  readonly #statements: ReturnType<typeof prepareStatements>;
  #pending: Pending[] = [];
  /** Rows that this turn read, or confirmed, and did not change. */
  #read: ValueRow[] = [];
  #writtenBytes = 0;

  /** @param database From `openDatabase`; the caller closes it. */
  constructor(
    database: DatabaseSync,
    { checkpointer, guard, clock = systemClock }: StateStoreOptions = {},
  ) {
    this.#database = database;
    this.#checkpointer = checkpointer;
    this.#guard = guard;
    this.#clock = clock;
    this.#statements = prepareStatements(database);
  }

  update<Result>(
    service: string,
    key: string,
    change: (value: string | undefined) => StateChange<Result>,
  ): Promise<Result> {
    return this.#submit<Result>(() => {
      const row = this.#statements.read.get(service, key) as unknown as ValueRow | undefined;
      const old = row && textOf(row.value);
      let made: StateChange<Result>;
      try {
        made = change(old);
      } catch (error) {
        return { error };
      }
      const { value, result } = made;
      if (value === null) {
        if (row) this.#remove(row);
      } else if (value !== undefined && value !== old) {
        this.#write(service, key, value);
      } else if (row) {
        this.#read.push(row);
      }
      return { result };
    });
  }

  removeUnused(service: string, before: number, limit: number): Promise<number> {
    return this.#submit(() => {
      const rows = this.#unused(service, before, limit);
      for (const row of rows) this.#remove(row);
      return { result: rows.length };
    });
  }

  unused(service: string, before: number, limit: number): ReadonlyMap<string, string> {
    const rows = this.#unused(service, before, limit);
    return new Map(rows.map(({ id }) => {
      const { key, value } = this.#statements.byId.get(id) as Record<"key" | "value", StoredText>;
      return [textOf(key), textOf(value)];
    }));
  }

  services(): readonly string[] {
    return this.#statements.services.all().map(({ service }) => service as string);
  }

  read(service: string, key: string): StoredValue | undefined {
    const row = this.#statements.read.get(service, key) as unknown as ValueRow | undefined;
    return row && { value: textOf(row.value), used: row.used };
  }

  // deno-lint-ignore require-await -- required by the contract
  async all(service: string): Promise<ReadonlyMap<string, string>> {
    return textsOf(this.#statements.all.all(service) as unknown as TextRow[]);
  }

  page(service: string, from: string, limit: number): ReadonlyMap<string, string> {
    const rows = this.#statements.page.all(service, from, limit);
    return textsOf(rows as unknown as TextRow[]);
  }

  /** Nobody else changes it. */
  follow(): () => void {
    return () => {};
  }

  /** Does work in the transaction of this turn; resolves after the commit. */
  #submit<Result>(work: () => Outcome<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const apply = () => {
        const outcome = work();
        return "result" in outcome ? () => resolve(outcome.result) : () => reject(outcome.error);
      };
      if (this.#pending.push({ apply, reject }) === 1) setImmediate(() => this.#commit());
    });
  }

  #commit(): void {
    const pending = this.#pending;
    this.#pending = [];
    this.#read = [];
    this.#writtenBytes = 0;
    let tellCallers: (() => void)[];
    try {
      tellCallers = pending.map(({ apply }) => apply());
      if (this.#writtenBytes > 0) {
        this.#guard?.check();
        this.#database.exec("COMMIT");
      }
    } catch (error) {
      this.#abandon();
      for (const { reject } of pending) reject(error);
      return;
    }
    for (const tell of tellCallers) tell();
    this.#noteUses();
    if (this.#writtenBytes > 0) this.#checkpointer?.wrote(COMMIT_BYTES + this.#writtenBytes);
  }

  #abandon(): void {
    // Some failures, such as a full disk, roll back by themselves.
    if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec("ROLLBACK");
  }

  #unused(service: string, before: number, limit: number): ValueRow[] {
    return this.#statements.unused.all(service, before, limit) as unknown as ValueRow[];
  }

  /** Begins the transaction of this turn with its first change: a turn that only reads needs none. */
  #begin(): void {
    if (this.#writtenBytes === 0) this.#database.exec("BEGIN IMMEDIATE");
  }

  #write(service: string, key: string, value: string): void {
    this.#begin();
    this.#statements.write.run(service, key, value, this.#clock.now());
    this.#writtenBytes += ROW_BYTES + key.length + value.length;
  }

  #remove({ id }: Pick<ValueRow, "id">): void {
    this.#begin();
    this.#statements.remove.run(id);
    this.#writtenBytes += ROW_BYTES;
  }

  /**
   * Notes that values were read, at most once a day each. In a transaction of its own, so that
   * reading works on a full disk.
   */
  #noteUses(): void {
    const now = this.#clock.now();
    const due = this.#read.filter(({ used }) => now - used >= USE_RESOLUTION_MS);
    if (due.length === 0) return;
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      for (const { id } of due) this.#statements.noteUse.run(now, id);
      this.#database.exec("COMMIT");
      this.#writtenBytes += due.length * ROW_BYTES;
    } catch (error) {
      this.#abandon();
      const { message } = error as Error;
      log("store").debug("Cannot record that values were read: {message}", { message });
    }
  }
}

function textsOf(rows: readonly TextRow[]): ReadonlyMap<string, string> {
  return new Map(rows.map(({ key, value }) => [textOf(key), textOf(value)]));
}

function prepareStatements(database: DatabaseSync) {
  return {
    read: database.prepare(
      `SELECT id, ${whole("value")}, used FROM state WHERE service = ? AND key = ?`,
    ),
    byId: database.prepare(`SELECT ${whole("key")}, ${whole("value")} FROM state WHERE id = ?`),
    write: database.prepare(SET_STATE),
    noteUse: database.prepare("UPDATE state SET used = ? WHERE id = ?"),
    remove: database.prepare("DELETE FROM state WHERE id = ?"),
    unused: database.prepare(
      "SELECT id FROM state WHERE service = ? AND used < ? ORDER BY used LIMIT ?",
    ),
    services: database.prepare("SELECT DISTINCT service FROM state ORDER BY service"),
    page: database.prepare(
      `SELECT ${whole("key")}, ${whole("value")} FROM state WHERE service = ? AND key >= ?
        ORDER BY state.key LIMIT ?`,
    ),
    all: database.prepare(
      `SELECT ${whole("key")}, ${whole("value")} FROM state WHERE service = ? ORDER BY id`,
    ),
  };
}
