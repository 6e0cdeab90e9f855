/**
 * The writing side of the log in an SQLite file: a single writer, one transaction for each batch.
 *
 * @module
 */

import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { NextTurn } from "../../clock.ts";
import { LogDamagedError } from "../../domain/log_error.ts";
import type { MessageLog, RoomEnd } from "../../domain/message_log.ts";
import { respelledTo, type RoomEvent } from "../../domain/room_event.ts";
import type { DatedSetting } from "../../domain/state_store.ts";
import type { Checkpointer } from "./checkpointer.ts";
import { EventEffects } from "./event_effects.ts";
import type { LogGuard } from "./log_guard.ts";
import { isDamaged } from "./open_log.ts";
import { RoomEnds } from "./room_ends.ts";
import { addRow, endOfRun, RUN_COLUMNS } from "./run_row.ts";

/** Rows of one INSERT: calling a statement costs as much as inserting a row. */
const ROWS_AT_ONCE = 32;
/** Rows and settings written before others have a turn, if the caller lets them: some milliseconds. */
const STEP_ROWS = 4 * ROWS_AT_ONCE;
const STEP_SETTINGS = 400;
/** Approximate bytes that a setting adds to the write-ahead file. */
const SETTING_BYTES = 256;

/** Brings the search index up to date with the log. */
export interface LogIndexer {
  /** Takes note of the `id` of the last event that was written. */
  wrote(id: number): void;
  close(): Promise<void>;
}

export interface MessageLogOptions {
  /** Makes checkpoints; without one, commits make them. */
  readonly checkpointer?: Checkpointer;
  /** Is told of commits; without one, new events are not indexed. */
  readonly indexer?: LogIndexer;
  /** Knows whether the file is still there. */
  readonly guard?: Pick<LogGuard, "check">;
}

/** Stores events in a database, which it owns and closes. */
export class SqliteMessageLog implements MessageLog {
  readonly #database: DatabaseSync;
  readonly #checkpointer: Checkpointer | undefined;
  readonly #indexer: LogIndexer | undefined;
  readonly #guard: Pick<LogGuard, "check"> | undefined;
  readonly #rooms: RoomEnds;
  readonly #effects: EventEffects;
  readonly #statements: ReturnType<typeof prepareStatements>;
  #lastId: number;
  #isOpen = true;

  /** @param database From `openDatabase`. */
  constructor(database: DatabaseSync, options: MessageLogOptions = {}) {
    this.#database = database;
    this.#checkpointer = options.checkpointer;
    this.#indexer = options.indexer;
    this.#guard = options.guard;
    this.#statements = prepareStatements(database);
    this.#rooms = new RoomEnds(database);
    this.#effects = new EventEffects(database);
    this.#lastId = (this.#statements.lastId.get() as { id: number }).id;
  }

  async store(
    batch: readonly RoomEvent[],
    settings: readonly DatedSetting[] = [],
    ends: readonly number[] = [],
    nextTurn?: NextTurn,
  ): Promise<void> {
    this.#rooms.trim();
    const events = this.#withoutStored(batch);
    if (events.length === 0 && settings.length === 0) return;
    this.#guard?.check();
    this.#database.exec("BEGIN IMMEDIATE");
    let hasRedactions = false;
    try {
      const places = ends.map((end) => end - batch.length + events.length);
      const steps = this.#write(events, places, settings);
      let step = steps.next();
      // Without a turn in between, unless others may have one.
      for (; !step.done; step = steps.next()) if (nextTurn) await nextTurn();
      hasRedactions = step.value;
      // Committing a long batch takes long, so it gets a turn of its own.
      if (nextTurn) await nextTurn();
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#abandon();
      throw explained(error);
    }
    this.#checkpointer?.wrote(sizeOf(events) + settings.length * SETTING_BYTES);
    if (events.length > 0) this.#noteStored(events, hasRedactions);
    if (nextTurn) await nextTurn();
  }

  // deno-lint-ignore require-await
  async check(): Promise<void> {
    this.#guard?.check();
  }

  // deno-lint-ignore require-await
  async lastId(): Promise<number> {
    return this.#lastId;
  }

  // deno-lint-ignore require-await
  async roomEnd(room: string): Promise<RoomEnd | undefined> {
    this.#rooms.trim();
    try {
      const end = this.#rooms.find(room);
      return end && { name: end.name, lastSeq: end.lastSeq };
    } catch (error) {
      throw explained(error);
    }
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#indexer?.close();
    await this.#checkpointer?.close();
    this.#database.close();
  }

  #noteStored(events: readonly RoomEvent[], hasRedactions: boolean): void {
    this.#lastId = events[events.length - 1].id;
    this.#indexer?.wrote(this.#lastId);
    // The write-ahead file keeps the old text until it is restarted.
    if (hasRedactions) this.#checkpointer?.giveBack();
  }

  /** Writes everything, with a pause now and then; as {@linkcode #insert}. */
  *#write(
    events: readonly RoomEvent[],
    ends: readonly number[],
    settings: readonly DatedSetting[],
  ): Generator<void, boolean> {
    const hasRedactions = yield* this.#insert(events, ends);
    for (const [index, setting] of settings.entries()) {
      if (index % STEP_SETTINGS === STEP_SETTINGS - 1) yield;
      this.#effects.set(setting, setting.at);
    }
    return hasRedactions;
  }

  /** Returns whether there were redactions among the events. */
  *#insert(events: readonly RoomEvent[], ends: readonly number[]): Generator<void, boolean> {
    let values: SQLInputValue[] = [];
    let lastId = this.#lastId;
    this.#effects.reset();
    let nextEnd = 0;
    let rows = 0;
    for (let start = 0, end = 0; start < events.length; start = end) {
      while (ends[nextEnd] <= start) nextEnd++;
      end = Math.min(endOfRun(events, start), ends[nextEnd] ?? Infinity);
      const first = events[start];
      const room = this.#rooms.ensure(first.room);
      if (first.id !== lastId + 1 || first.seq !== room.lastSeq + 1) throw outOfOrder(first);
      addRow(values, room, events, start, end);
      lastId = events[end - 1].id;
      room.lastSeq += end - start;
      this.#effects.add(room.id, events, start, end);
      for (let index = start; index < end && first.kind === "notice"; index++) {
        const spelled = respelledTo(events[index]);
        if (spelled !== undefined) this.#rooms.respell(room, spelled);
      }
      if (values.length === ROWS_AT_ONCE * RUN_COLUMNS) {
        this.#statements.insertMany.run(...values);
        values = [];
        if ((rows += ROWS_AT_ONCE) % STEP_ROWS === 0) yield;
      }
    }
    for (let start = 0; start < values.length; start += RUN_COLUMNS) {
      this.#statements.insert.run(...values.slice(start, start + RUN_COLUMNS));
    }
    return this.#effects.finish();
  }

  /** The new events of a batch; the same array if all are new, as they nearly always are. */
  #withoutStored(events: readonly RoomEvent[]): readonly RoomEvent[] {
    if (events.length === 0 || events[0].id > this.#lastId) return events;
    let start = 0;
    for (; start < events.length && events[start].id <= this.#lastId; start++) {
      if (start > 0 && events[start].id !== events[start - 1].id + 1) {
        throw outOfOrder(events[start]);
      }
      this.#checkStored(events[start]);
    }
    return events.slice(start);
  }

  /**
   * Checks that an event is in the log, by numbers, room and time: its text may have been changed
   * or removed since.
   *
   * @throws {RangeError} if another event, or none, has its numbers.
   */
  #checkStored(event: RoomEvent): void {
    const room = this.#rooms.find(event.room);
    const row = room && this.#statements.runWith.get(room.id, event.seq) as
      | { id: number; seq: number; count: number; at: number; swept: number }
      | undefined;
    if (!row) throw outOfOrder(event);
    const isKept = event.seq >= row.seq && event.seq < row.seq + row.count;
    const isSame = isKept
      ? event.id - row.id === event.seq - row.seq && event.at === row.at
      : event.seq <= row.swept;
    if (!isSame) throw outOfOrder(event);
  }

  /** Rolls a batch back, in the file and in memory. */
  #abandon(): void {
    this.#rooms.clear();
    // Some failures, such as a full disk, roll back by themselves.
    if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
  }
}

function explained(error: unknown): unknown {
  const { message } = error as Error;
  return isDamaged(message) ? new LogDamagedError(message) : error;
}

function outOfOrder({ id, room, seq }: RoomEvent): RangeError {
  return new RangeError(`Cannot store event ${id} as #${seq} of ${room}: it is out of order`);
}

/** Approximate bytes of a batch in the file. */
function sizeOf(events: readonly RoomEvent[]): number {
  let size = 0;
  for (const event of events) size += event.body.length + 64;
  return size;
}

function prepareStatements(database: DatabaseSync) {
  const row = `(${Array(RUN_COLUMNS).fill("?").join(", ")})`;
  const prepare = (sql: string): StatementSync => database.prepare(sql);
  return {
    insert: prepare(`INSERT OR ROLLBACK INTO run VALUES ${row}`),
    insertMany: prepare(
      `INSERT OR ROLLBACK INTO run VALUES ${Array(ROWS_AT_ONCE).fill(row).join(", ")}`,
    ),
    lastId: prepare(
      `SELECT max(
        coalesce((SELECT id + count - 1 FROM run ORDER BY run.id DESC LIMIT 1), 0),
        coalesce((SELECT max(swept_id) FROM room), 0)
      ) AS id`,
    ),
    runWith: prepare(
      `SELECT run.id, coalesce(seq, 0) AS seq, coalesce(count, 0) AS count, at, swept_seq AS swept
        FROM room LEFT JOIN run ON run.id =
          (SELECT id FROM run WHERE room_id = ?1 AND seq <= ?2 ORDER BY seq DESC LIMIT 1)
        WHERE room.id = ?1`,
    ),
  };
}
