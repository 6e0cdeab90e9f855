/**
 * Letting go of the beginnings of rooms in the SQLite file, and of the space they took.
 *
 * It writes through the log's own connection, each step a transaction of its own that begins and
 * ends without waiting in between. What is derived from the log has to follow by itself: all
 * events of a room up to `room.swept_seq` are gone.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { log } from "../../log.ts";
import {
  countDue,
  RETENTION_REASONS,
  type RetentionReason,
  type RoomExtent,
  type RunHead,
  type SweepGoal,
} from "../../domain/retention.ts";
import { removedThrough } from "../../domain/retention_gap.ts";
import { ROOM_EVENT_KINDS } from "../../domain/room_event.ts";
import type { SweepableLog } from "../../domain/sweepable_log.ts";
import type { Checkpointer } from "./checkpointer.ts";
import { Pace } from "./pace.ts";
import type { Reserve } from "./reserve.ts";

/** Most runs removed in one step. */
const MOST_RUNS = 2048;
/** Most pages given back in one step. */
const MOST_PAGES = 512;
/** On a full disk, steps done at once, and how large they are. What they write is for a reserve. */
const RESCUE = { steps: 8, runs: 64, pages: 64 };
/** Free pages that are kept, as a part of the file, and within these limits. */
const KEPT_PART = 1 / 16;
const KEPT_PAGES = { least: 256, most: 16_384 };
/** What a step that removes runs adds to the write-ahead file, roughly. */
const STEP_BYTES = 64 * 1024;
const PAGE_BYTES = 4096;

export interface SweepOptions {
  /** Makes the checkpoints; without one, commits do. */
  readonly checkpointer?: Pick<Checkpointer, "wrote" | "giveBack">;
  /** Has space for when the disk is full; without one, nothing can be removed then. */
  readonly reserve?: Pick<Reserve, "hold" | "release">;
}

interface RoomRow {
  readonly id: number;
  readonly room: string;
  readonly firstAt: number | null;
  readonly bytes: number;
  readonly sweptSeq: number;
  readonly toldSeq: number;
  readonly sweptFor: number;
}

interface StateRow {
  readonly sweptSeq: number;
  /** Bytes that the room keeps. */
  readonly bytes: number;
  /** Bytes of the room since it began. */
  readonly total: number;
}

interface HeadRow {
  readonly at: number;
  readonly total: number;
  readonly lastSeq: number;
  readonly lastId: number;
  readonly kind: number;
  readonly sender: string;
  readonly fields: string | null;
}

export class SqliteSweep implements SweepableLog {
  readonly #database: DatabaseSync;
  readonly #checkpointer: SweepOptions["checkpointer"];
  readonly #reserve: SweepOptions["reserve"];
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #runs = new Pace({ most: MOST_RUNS });
  readonly #pages = new Pace({ most: MOST_PAGES });
  /** How many pages fewer there are since the files were cut. */
  #givenPages = 0;

  /** @param database As `openDatabase` gives it; whoever opened it closes it. */
  constructor(database: DatabaseSync, { checkpointer, reserve }: SweepOptions = {}) {
    this.#database = database;
    this.#checkpointer = checkpointer;
    this.#reserve = reserve;
    this.#statements = prepareStatements(database);
  }

  // deno-lint-ignore require-await -- as the contract has it
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
    }));
  }

  // deno-lint-ignore require-await
  async sweep(id: number, goal: SweepGoal): Promise<boolean> {
    try {
      return this.#runs.step((most) => this.#remove(id, goal, most)).isFull;
    } catch (error) {
      if (!isDiskFull(error) || !this.#reserve?.release()) throw error;
      this.#rescue(id, goal);
      return true;
    }
  }

  async shrink(): Promise<boolean> {
    if (this.#freePages() > this.#keptPages()) {
      const { done } = this.#pages.step((most) => this.#vacuum(most));
      this.#givenPages += done;
      // In a file that an early version made, nothing is ever done.
      if (done > 0) return true;
    }
    if (this.#givenPages === 0) return false;
    const megabytes = Math.round(this.#givenPages * PAGE_BYTES / 1e6);
    this.#givenPages = 0;
    await this.#checkpointer?.giveBack();
    this.#reserve?.hold();
    log("store").info(`Gave ${megabytes} MB back to the file system`);
    return false;
  }

  /**
   * Removes something with what the reserve has freed, and makes that real space, all in one go:
   * let in between, the others would take what there is, and there would be no way back.
   */
  #rescue(id: number, goal: SweepGoal): void {
    log("store").warning("The disk is full: removing what is past its limits in larger steps");
    const { steps, runs, pages } = RESCUE;
    try {
      for (let step = 0; step < steps && this.#remove(id, goal, runs) === runs; step++);
      for (let step = 0; step < steps && this.#vacuum(pages) === pages; step++);
    } finally {
      this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      this.#reserve?.hold();
    }
  }

  /** Removes as many runs as are due, `most` at most; returns how many. */
  #remove(id: number, goal: SweepGoal, most: number): number {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const { sweptSeq, bytes, total } = this.#statements.state.get(id) as unknown as StateRow;
      const rows = this.#statements.heads.all(id, sweptSeq, most) as unknown as HeadRow[];
      const { count, reasons } = countDue(headsOf(rows, total - bytes), bytes, goal);
      if (count > 0) {
        const last = rows[count - 1];
        this.#statements.remove.run(id, last.lastSeq);
        this.#statements.note.run(last.lastSeq, last.lastId, last.total, bitsOf(reasons), id);
      }
      this.#database.exec("COMMIT");
      this.#checkpointer?.wrote(STEP_BYTES);
      return count;
    } catch (error) {
      // Some failures, a full disk among them, have rolled back already.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Moves what is in the last pages into free ones; returns how many pages fewer there are. */
  #vacuum(most: number): number {
    const free = this.#freePages();
    // `exec` would do one page only.
    this.#database.prepare(`PRAGMA incremental_vacuum(${most})`).all();
    const done = free - this.#freePages();
    this.#checkpointer?.wrote(done * PAGE_BYTES);
    return done;
  }

  /** What comes next would take free pages anew: some stay, so that pages do not move for nothing. */
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

/** @param total Bytes of the runs before these. */
function headsOf(rows: readonly HeadRow[], total: number): RunHead[] {
  return rows.map(({ at, total: end, kind, sender, fields }, index) => {
    const bytes = end - (rows[index - 1]?.total ?? total);
    return { at, bytes, isRetentionGap: isRetentionGap(kind, sender, fields) };
  });
}

function isRetentionGap(kind: number, from: string, fields: string | null): boolean {
  if (ROOM_EVENT_KINDS[kind] !== "gap" || fields === null) return false;
  const all: (Record<string, unknown> | null)[] = JSON.parse(fields);
  return all.every((fields) => {
    const draft = { room: "", kind: "gap", from, body: "", fields: fields ?? undefined } as const;
    return removedThrough(draft) !== undefined;
  });
}

function bitsOf(reasons: ReadonlySet<RetentionReason>): number {
  return RETENTION_REASONS.reduce(
    (bits, reason, index) => reasons.has(reason) ? bits | 1 << index : bits,
    0,
  );
}

function reasonsOf(bits: number): RetentionReason[] {
  return RETENTION_REASONS.filter((_, index) => (bits & 1 << index) !== 0);
}

function prepareStatements(database: DatabaseSync) {
  const total = `coalesce((SELECT total FROM run WHERE room_id = room.id ORDER BY seq DESC LIMIT 1),
    swept_total)`;
  const gap = ROOM_EVENT_KINDS.indexOf("gap");
  return {
    extents: database.prepare(
      `SELECT id, name AS room, swept_seq AS sweptSeq, told_seq AS toldSeq, swept_for AS sweptFor,
        (SELECT at FROM run WHERE room_id = room.id ORDER BY seq LIMIT 1) AS firstAt,
        ${total} - swept_total AS bytes FROM room WHERE id > ? ORDER BY id LIMIT ?`,
    ),
    state: database.prepare(
      `SELECT sweptSeq, total, total - swept_total AS bytes FROM
        (SELECT swept_seq AS sweptSeq, swept_total, ${total} AS total FROM room WHERE id = ?)`,
    ),
    // The texts stand last in a row, and are not read.
    heads: database.prepare(
      `SELECT at, total, seq + count - 1 AS lastSeq, id + count - 1 AS lastId, kind,
        CASE WHEN kind = ${gap} THEN sender ELSE '' END AS sender,
        CASE WHEN kind = ${gap} THEN fields END AS fields
        FROM run WHERE room_id = ? AND seq > ? ORDER BY seq LIMIT ?`,
    ),
    remove: database.prepare("DELETE FROM run WHERE room_id = ? AND seq <= ?"),
    note: database.prepare(
      `UPDATE room SET swept_seq = ?, swept_id = ?, swept_total = ?, swept_for = swept_for | ?
        WHERE id = ?`,
    ),
  };
}
