/**
 * Indexes blocks again whose events have been redacted, a few in each step.
 *
 * When a redaction is indexed, the block of its target is noted in the transaction that notes the
 * progress: after a crash the block is either noted or the redaction is indexed again. A block whose
 * text was read after the redaction was stored needs nothing.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { ROOM_EVENT_KINDS } from "../../../domain/room_event.ts";
import { unpackFields } from "../run_fields.ts";
import { BlockBuilder, type IndexedRun } from "./block_builder.ts";
import { bucketId } from "./index_file.ts";
import { prepareRuns } from "./indexed_runs.ts";
import { BUCKETS, decodeBlocks, mergedBucket, TokenTable } from "./token_table.ts";
import { WordPurge } from "./word_purge.ts";

/** Blocks indexed again in one step, about 2 MiB of text. */
const STEP_BLOCKS = 16;
const REDACTION = ROOM_EVENT_KINDS.indexOf("redaction");

/** The blocks of a token table that are indexed again, by their places in it. */
interface ChangedTable {
  readonly places: Set<number>;
  readonly tokens: TokenTable;
}

export class RedoneBlocks {
  readonly #index: DatabaseSync;
  readonly #runs: (id: number, last: number) => IndexedRun[];
  readonly #log: ReturnType<typeof prepareLog>;
  readonly #statements: ReturnType<typeof prepareIndex>;
  readonly #builder = new BlockBuilder();
  readonly #purge: WordPurge;

  /** @param log Only read. */
  constructor(log: DatabaseSync, index: DatabaseSync) {
    this.#index = index;
    this.#runs = prepareRuns(log, "WHERE id BETWEEN ? AND ? ORDER BY id");
    this.#log = prepareLog(log);
    this.#statements = prepareIndex(index);
    this.#purge = new WordPurge(index);
  }

  /** What text read from now on is as new as: the id of the log's last run. */
  get now(): number {
    return this.#log.last.get()!.id as number;
  }

  /** Whether there are blocks to index again. */
  get hasMore(): boolean {
    return this.#statements.some.get() !== undefined;
  }

  /** Notes the blocks with events that these runs redact. Call it in the transaction of a step. */
  note(runs: Iterable<IndexedRun>): void {
    for (const { room, of, id } of redactionsIn(runs)) {
      const target = this.#log.runWith.get(room, of, of);
      if (target) this.#statements.note.run(target.id as number, id);
    }
  }

  /** Indexes some blocks again. @returns How many. */
  step(): number {
    const ids = this.#statements.first.all(STEP_BLOCKS).map(({ id }) => id as number);
    if (ids.length === 0) return 0;
    // The old words and hashes go from the pages that are freed, too.
    this.#index.exec("PRAGMA secure_delete = ON");
    try {
      this.#index.exec("BEGIN IMMEDIATE");
      const tables = new Map<number, ChangedTable>();
      for (const id of ids) this.#redo(id, tables);
      for (const [number, table] of tables) this.#rewrite(number, table);
      this.#purge.want();
      this.#index.exec("COMMIT");
    } catch (error) {
      if (this.#index.isTransaction) this.#index.exec("ROLLBACK");
      this.#builder.clear();
      throw error;
    } finally {
      this.#index.exec("PRAGMA secure_delete = OFF");
    }
    return ids.length;
  }

  #redo(id: number, tables: Map<number, ChangedTable>): void {
    const { block, settle, removeWords, addWords, setNow } = this.#statements;
    settle.run(id);
    const last = block.get(id)?.last as number | undefined;
    if (last === undefined) return;
    const { now } = this;
    const runs = this.#runs(id, last);
    // If retention has removed all of it, the sweep removes the block.
    if (runs.length === 0) return;
    for (const run of runs) this.#builder.add(run);
    const place = this.#placeOf(id);
    const { words, numbers } = this.#builder.finish(place !== undefined);
    removeWords.run(id);
    addWords.run(id, words);
    setNow.run(now, id);
    if (!place) return;
    const table = tables.get(place.table) ?? { places: new Set(), tokens: new TokenTable() };
    tables.set(place.table, table);
    table.places.add(place.index);
    table.tokens.add(numbers, place.index);
  }

  /** Where the number-like words of a block are, if not among the others. */
  #placeOf(id: number): { readonly table: number; readonly index: number } | undefined {
    const row = this.#statements.table.get(id);
    if (!row) return undefined;
    const index = decodeBlocks(row.blocks as Uint8Array).indexOf(id);
    return index === -1 ? undefined : { table: row.number as number, index };
  }

  #rewrite(number: number, { places, tokens }: ChangedTable): void {
    const { bucket, setBucket, removeBucket } = this.#statements;
    const added = new Map(tokens.take());
    for (let part = 0; part < BUCKETS; part++) {
      const id = bucketId(part, number);
      const old = bucket.get(id)?.entries as Uint8Array | undefined;
      const entries = mergedBucket(old, places, added.get(part));
      if (entries.length > 0) setBucket.run(id, entries);
      else if (old) removeBucket.run(id);
    }
  }
}

/** A redaction as the log has it. */
interface IndexedRedaction {
  /** Of its run. */
  readonly id: number;
  readonly room: number;
  readonly of: number;
}

/** The redactions in some runs. */
export function* redactionsIn(runs: Iterable<IndexedRun>): Generator<IndexedRedaction> {
  for (const { id, room, count, kind, fields } of runs) {
    if (kind !== REDACTION || !fields) continue;
    for (const each of unpackFields(fields, count)) {
      const of = Number(each?.of);
      if (Number.isSafeInteger(of)) yield { id, room, of };
    }
  }
}

/** Whether a run consists of redactions. */
export function isOfRedactions({ kind }: IndexedRun): boolean {
  return kind === REDACTION;
}

function prepareLog(log: DatabaseSync) {
  return {
    last: log.prepare("SELECT coalesce(max(id), 0) AS id FROM run"),
    runWith: log.prepare(
      `SELECT id FROM (SELECT id, seq + count AS next FROM run WHERE room_id = ? AND seq <= ?
        ORDER BY seq DESC LIMIT 1) WHERE next > ?`,
    ),
  };
}

function prepareIndex(index: DatabaseSync) {
  return {
    some: index.prepare("SELECT 1 FROM stale_block LIMIT 1"),
    first: index.prepare("SELECT id FROM stale_block ORDER BY id LIMIT ?"),
    settle: index.prepare("DELETE FROM stale_block WHERE id = ?"),
    note: index.prepare(
      `INSERT INTO stale_block SELECT id FROM
        (SELECT id, last, as_of FROM block WHERE id <= ?1 ORDER BY id DESC LIMIT 1)
        WHERE last >= ?1 AND as_of < ?2 ON CONFLICT DO NOTHING`,
    ),
    block: index.prepare("SELECT last FROM block WHERE id = ?"),
    setNow: index.prepare("UPDATE block SET as_of = ? WHERE id = ?"),
    removeWords: index.prepare("DELETE FROM word WHERE rowid = ?"),
    addWords: index.prepare("INSERT INTO word (rowid, words) VALUES (?, ?)"),
    table: index.prepare(
      `SELECT number, blocks FROM (SELECT number, last, blocks FROM token_table WHERE id <= ?1
        ORDER BY id DESC LIMIT 1) WHERE last >= ?1`,
    ),
    bucket: index.prepare("SELECT entries FROM bucket WHERE id = ?"),
    setBucket: index.prepare("INSERT OR REPLACE INTO bucket VALUES (?, ?)"),
    removeBucket: index.prepare("DELETE FROM bucket WHERE id = ?"),
  };
}
