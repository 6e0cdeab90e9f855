/**
 * Removes the earliest events of rooms from the SQLite file, and returns their space to the system.
 *
 * It writes through the log's own connection; each step is a synchronous transaction. Whatever is
 * derived from the log, such as the index, follows by itself: a room has lost all events up to
 * `room.swept_seq`.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
import { log } from "../../log.ts";
import {
  countDue,
  type DecidedSweepableLog,
  type Expiry,
  type RoomExtent,
  type SweepableLog,
  type SweepGoal,
} from "../../domain/retention/retention.ts";
import type { Checkpointer } from "./checkpointer.ts";
import { AdaptiveBatch } from "./adaptive_batch.ts";
import type { DiskReserve } from "./disk_reserve.ts";
import {
  bitsOf,
  type HeadRow,
  headsOf,
  LOOKED_AT_RUNS,
  prepareSweepStatements,
  reasonsOf,
  type RoomRow,
  type StateRow,
} from "./sweep_rows.ts";

/** Runs removed in one step. */
const STEP_RUNS = { least: 64, most: 2048 };
/** Pages returned in one step. */
const STEP_PAGES = { least: 64, most: 512 };
/** Steps done at once on a full disk, and their size. What they write fits into the reserve. */
const RESCUE = { steps: 8, runs: 64, pages: 64 };
/** How long to wait then until nobody reads the write-ahead file, which can be emptied only then. */
const READERS_MS = 250;
/** Free pages to keep: this part of the file, within these limits. */
const KEPT_PART = 1 / 16;
const KEPT_PAGES = { least: 256, most: 16_384 };
/** Approximate bytes that removing runs adds to the write-ahead file in one step. */
const STEP_BYTES = 64 * 1024;
const PAGE_BYTES = 4096;

export interface SweepOptions {
  /** Makes checkpoints; without one, commits make them. */
  readonly checkpointer?: Pick<Checkpointer, "wrote" | "giveBack">;
  /** Has space for a full disk; without one, nothing can be removed then. */
  readonly reserve?: Pick<DiskReserve, "hold" | "release">;
}

export class SqliteSweep implements SweepableLog, DecidedSweepableLog {
  readonly #database: DatabaseSync;
  readonly #checkpointer: SweepOptions["checkpointer"];
  #reserve: SweepOptions["reserve"];
  readonly #statements: ReturnType<typeof prepareSweepStatements>;
  readonly #runs = new AdaptiveBatch(STEP_RUNS);
  readonly #pages = new AdaptiveBatch(STEP_PAGES);
  /** Pages returned since the files last shrank. */
  #givenPages = 0;

  /** @param database From `openDatabase`; the caller closes it. */
  constructor(database: DatabaseSync, { checkpointer, reserve }: SweepOptions = {}) {
    this.#database = database;
    this.#checkpointer = checkpointer;
    this.#reserve = reserve;
    this.#statements = prepareSweepStatements(database);
  }

  /** Has space for a full disk from now on. */
  useReserve(reserve: SweepOptions["reserve"]): void {
    this.#reserve = reserve;
  }

  // deno-lint-ignore require-await -- required by the contract
  async extents(after: number, limit: number): Promise<RoomExtent[]> {
    const rows = this.#statements.extents.all(after, limit) as unknown as RoomRow[];
    return rows.map(({ id, room, firstAt, bytes, sweptSeq, toldSeq, sweptFor }) => ({
      id,
      room,
      firstAt: firstAt ?? undefined,
      bytes,
      untold: sweptSeq > toldSeq
        ? { first: toldSeq + 1, last: sweptSeq, reasons: reasonsOf(sweptFor) }
        : undefined,
      isDue: toldSeq > sweptSeq,
    }));
  }

  // deno-lint-ignore require-await
  async expired(id: number, goal: SweepGoal, before?: Expiry): Promise<Expiry> {
    const { sweptSeq, bytes, total } = this.#statements.state.get(id) as unknown as StateRow;
    const { first, seen: after, total: start, last } = before ??
      { first: sweptSeq + 1, seen: sweptSeq, total: total - bytes, last: 0 };
    const rows = this.#statements.heads.all(id, after, LOOKED_AT_RUNS) as unknown as HeadRow[];
    const { count, reasons } = countDue(headsOf(rows, start), total - start, goal);
    return {
      first,
      seen: rows.at(-1)?.lastSeq ?? after,
      total: rows.at(-1)?.total ?? start,
      last: count === 0 ? last : rows[count - 1].lastSeq,
      reasons: before ? before.reasons.union(reasons) : reasons,
      isMore: count > 0 && rows.length === LOOKED_AT_RUNS,
    };
  }

  async removeTold(id: number): Promise<boolean> {
    await this.#whenIdle();
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const start = performance.now();
      const most = this.#runs.units;
      const rows = this.#statements.told.all(id, most) as unknown as HeadRow[];
      const last = rows.at(-1);
      if (last) {
        this.#statements.remove.run(id, last.lastSeq);
        this.#statements.removeReactions.run(id, last.lastSeq);
        this.#statements.note.run(last.lastSeq, last.lastId, last.total, 0, id);
      }
      const tookMs = performance.now() - start;
      this.#database.exec("COMMIT");
      if (last) this.#checkpointer?.wrote(STEP_BYTES);
      return this.#runs.learn(rows.length, tookMs);
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  async sweep(id: number, goal: SweepGoal): Promise<boolean> {
    await this.#whenIdle();
    try {
      const { count, tookMs } = this.#remove(id, goal, this.#runs.units);
      return this.#runs.learn(count, tookMs);
    } catch (error) {
      if (!isDiskFull(error) || !this.#reserve?.release()) throw error;
      this.#rescue(id, goal);
      return true;
    }
  }

  async shrink(): Promise<boolean> {
    await this.#whenIdle();
    if (this.#freePages() > this.#keptPages()) {
      const start = performance.now();
      const done = this.#vacuum(this.#pages.units);
      this.#pages.learn(done, performance.now() - start);
      this.#givenPages += done;
      // A file from an early version cannot shrink.
      if (done > 0) return true;
    }
    if (this.#givenPages === 0) return false;
    const megabytes = Math.round(this.#givenPages * PAGE_BYTES / 1e6);
    this.#givenPages = 0;
    await this.#checkpointer?.giveBack();
    this.#reserve?.hold();
    log("store").info(`Returned ${megabytes} MB to the file system`);
    return false;
  }

  /** Waits for a long batch that is being stored over several turns. */
  async #whenIdle(): Promise<void> {
    while (this.#database.isTransaction) await setImmediate();
  }

  /**
   * Removes events with the space of the reserve and frees their pages, all in one turn: other
   * writers would use up the space in between, and nothing could be removed any more.
   */
  #rescue(id: number, goal: SweepGoal): void {
    log("store").warning("The disk is full: removing expired events in larger steps");
    const { steps, runs, pages } = RESCUE;
    try {
      for (let step = 0; step < steps && this.#remove(id, goal, runs).count >= runs; step++);
      for (let step = 0; step < steps && this.#vacuum(pages) === pages; step++);
    } finally {
      this.#emptyWal();
      this.#reserve?.hold();
    }
  }

  #emptyWal(): void {
    this.#database.exec(`PRAGMA busy_timeout = ${READERS_MS}`);
    try {
      this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } finally {
      this.#database.exec("PRAGMA busy_timeout = 0");
    }
  }

  /**
   * Removes at most `most` expired runs. Returns how many, and how long that took without the
   * commit, which may wait for the disk whatever its size.
   */
  #remove(id: number, goal: SweepGoal, most: number): { count: number; tookMs: number } {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const start = performance.now();
      const { sweptSeq, bytes, total } = this.#statements.state.get(id) as unknown as StateRow;
      const first = this.#statements.heads.get(id, sweptSeq, 1) as unknown as HeadRow | undefined;
      // Small steps do not get past a clock that was ahead.
      const limit = first && first.at > goal.now ? Math.max(most, LOOKED_AT_RUNS) : most;
      const rows = this.#statements.heads.all(id, sweptSeq, limit) as unknown as HeadRow[];
      const { count, reasons } = countDue(headsOf(rows, total - bytes), bytes, goal);
      if (count > 0) {
        const last = rows[count - 1];
        this.#statements.remove.run(id, last.lastSeq);
        this.#statements.removeReactions.run(id, last.lastSeq);
        this.#statements.note.run(last.lastSeq, last.lastId, last.total, bitsOf(reasons), id);
      }
      const tookMs = performance.now() - start;
      this.#database.exec("COMMIT");
      if (count > 0) this.#checkpointer?.wrote(STEP_BYTES);
      return { count, tookMs };
    } catch (error) {
      // Some failures, such as a full disk, roll back by themselves.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Moves the last pages into free ones; returns by how many pages the file shrank. */
  #vacuum(most: number): number {
    const free = this.#freePages();
    // `exec` would move only one page.
    this.#database.prepare(`PRAGMA incremental_vacuum(${most})`).all();
    const done = free - this.#freePages();
    this.#checkpointer?.wrote(done * PAGE_BYTES);
    return done;
  }

  /** Some free pages stay for new events, so that pages are not moved for nothing. */
  #keptPages(): number {
    const part = this.#pragma("page_count") * KEPT_PART;
    return Math.min(Math.max(part, KEPT_PAGES.least), KEPT_PAGES.most);
  }

  #freePages(): number {
    return this.#pragma("freelist_count");
  }

  #pragma(name: string): number {
    return Object.values(this.#database.prepare(`PRAGMA ${name}`).get()!)[0] as number;
  }
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && /full/.test(error.message);
}
