/**
 * Checks the log a page at a time, as a running server does: each page by itself, in a short
 * transaction, so that others can write, read and sweep in between.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { type Clock, systemClock } from "../../../clock.ts";
import { countText } from "../../../domain/wording.ts";
import { placeFaults, verifyTexts } from "./verify_log.ts";

/** Most runs in a page, and milliseconds that a page may take. */
const PAGE_RUNS = 256;
const PAGE_MS = 8;
/** Runs at the end of the log that are checked at start. */
const LAST_RUNS = 64;
/** Tables that are checked as a whole, because they are small. */
const SMALL_TABLES = ["room", "kind", "state"] as const;

/** The findings in a page. */
export interface PageCheck {
  /** The id of the last run that was checked. */
  readonly through: number;
  /** Whether it was the last page. */
  readonly isLast: boolean;
  /** A sentence for each fault, without a full stop. */
  readonly faults: readonly string[];
}

interface CheckedRow {
  readonly id: number;
  readonly roomId: number;
  readonly seq: number;
  readonly count: number;
  readonly total: number;
  readonly kind: number;
  readonly bodies: string;
  readonly fields: string | null;
  /** Of the room; `null` if it does not exist. */
  readonly room: string | null;
  readonly sweptSeq: number;
  readonly sweptTotal: number;
  /** The run that the room's index has for this number. */
  readonly indexed: number | null;
}

/** The run before another one. */
interface Earlier {
  readonly next: number;
  readonly total: number;
}

export class PageChecker {
  readonly #log: DatabaseSync;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #kinds: ReadonlySet<unknown>;

  /** @param log Any connection to the log. */
  constructor(log: DatabaseSync, clock: Pick<Clock, "monotonic"> = systemClock) {
    this.#log = log;
    this.#clock = clock;
    this.#statements = prepareStatements(log);
    const kinds = log.prepare("SELECT number FROM kind").all();
    this.#kinds = new Set(kinds.map(({ number }) => number));
  }

  /** Checks the runs with an id above `after`, and after the last one everything else. */
  check(after: number): PageCheck {
    return this.#check(after, PAGE_MS);
  }

  #check(after: number, mostMs: number): PageCheck {
    const faults: string[] = [];
    let through = after;
    let isLast = true;
    const deadline = this.#clock.monotonic() + mostMs;
    this.#log.exec("BEGIN");
    try {
      const before = this.#statements.idBefore.get(after);
      let nextId = (before?.next ?? 0) as number;
      for (const row of this.#statements.runs.iterate(after, PAGE_RUNS)) {
        const run = row as unknown as CheckedRow;
        faults.push(...this.#faultsOf(run, nextId));
        through = run.id;
        nextId = run.id + run.count;
        isLast = false;
        if (this.#clock.monotonic() > deadline) break;
      }
      if (isLast) faults.push(...this.#rest());
    } catch (error) {
      faults.push(`after event ${through}: ${(error as Error).message}`);
      isLast = true;
    }
    // Unlike COMMIT, it does not read damaged pages again.
    if (this.#log.isTransaction) this.#log.exec("ROLLBACK");
    return { through, isLast, faults };
  }

  /** Checks only the end of the log, which takes milliseconds. */
  checkEnd(): readonly string[] {
    try {
      const { start } = this.#statements.startOfEnd.get(LAST_RUNS) as { start: number };
      // All of it, however long that takes: the last run is the likeliest to be damaged.
      const { faults, isLast } = this.#check(start - 1, Infinity);
      return isLast ? faults : [...faults, ...this.#missingAtEnd()];
    } catch (error) {
      return [(error as Error).message];
    }
  }

  *#faultsOf(run: CheckedRow, nextId: number): Generator<string> {
    const { id, room: name, roomId, seq, sweptSeq, sweptTotal, indexed } = run;
    if (name === null) {
      yield `event ${id} belongs to a room that does not exist (${roomId})`;
      return;
    }
    const row = this.#statements.runBefore.get(roomId, seq) as unknown as Earlier | undefined;
    const before = row ?? { next: sweptSeq + 1, total: sweptTotal };
    if (indexed !== id) yield `${name}#${seq} is not found by its number`;
    yield* placeFaults(run, name, { ...before, nextId });
    for (const { text } of verifyTexts(run, name, this.#kinds)) yield text;
  }

  *#rest(): Generator<string> {
    yield* this.#missingAtEnd();
    for (const table of SMALL_TABLES) {
      const { quick_check: result } = this.#log.prepare(`PRAGMA quick_check(${table})`).get()!;
      if (result !== "ok") yield `table ${table}: ${result}`;
    }
  }

  *#missingAtEnd(): Generator<string> {
    const { lastId, numbered } = this.#statements.ends.get() as Record<string, number>;
    if (numbered < lastId) {
      yield `${countText(lastId - numbered, "event")} missing at the end of a room`;
    }
  }
}

function prepareStatements(log: DatabaseSync) {
  return {
    runs: log.prepare(
      `SELECT run.id, run.room_id AS roomId, run.seq, run.count, run.total, run.kind, run.bodies,
        run.fields, room.name AS room, coalesce(room.swept_seq, 0) AS sweptSeq,
        coalesce(room.swept_total, 0) AS sweptTotal,
        (SELECT other.id FROM run AS other INDEXED BY run_by_room
          WHERE other.room_id = run.room_id AND other.seq = run.seq) AS indexed
        FROM run LEFT JOIN room ON room.id = run.room_id
        WHERE run.id > ? ORDER BY run.id LIMIT ?`,
    ),
    runBefore: log.prepare(
      `SELECT seq + count AS next, total FROM run WHERE room_id = ? AND seq < ?
        ORDER BY seq DESC LIMIT 1`,
    ),
    idBefore: log.prepare(
      "SELECT id + count AS next FROM run WHERE id <= ? ORDER BY id DESC LIMIT 1",
    ),
    startOfEnd: log.prepare(
      "SELECT coalesce(min(id), 1) AS start FROM (SELECT id FROM run ORDER BY id DESC LIMIT ?)",
    ),
    /** The id of the last event, and the one expected from the last numbers of all rooms. */
    ends: log.prepare(
      `SELECT max(
          coalesce((SELECT id + count - 1 FROM run ORDER BY run.id DESC LIMIT 1), 0),
          coalesce((SELECT max(swept_id) FROM room), 0)
        ) AS lastId,
        (SELECT coalesce(sum(coalesce(
          (SELECT seq + count - 1 FROM run WHERE room_id = room.id ORDER BY seq DESC LIMIT 1),
          swept_seq
        )), 0) FROM room) AS numbered`,
    ),
  };
}
