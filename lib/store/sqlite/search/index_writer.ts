/**
 * Brings the index up to date with the log, in steps: each is a transaction of the index that has
 * its progress in it, so that a step is done whole or not at all. The log is read in pages, each
 * in a moment: who reads for long keeps the log's write-ahead file from being emptied.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { whole } from "../run_row.ts";
import { type Block, BlockBuilder, type IndexedRun } from "./block_builder.ts";
import { bucketId, StaleIndexError } from "./index_file.ts";
import { isOfAnotherLog, readProgress } from "./index_progress.ts";
import { TokenTable } from "./token_table.ts";

/** Of so many events at once number-like words are set apart, on a sheet. */
const BULK_EVENTS = 8192;
/** A step ends at so many events, or bytes of text. */
const STEP_EVENTS = 128 * 1024;
const STEP_BYTES = 32 * 1024 * 1024;
/** Bytes of text read in one go, roughly. */
const PAGE_BYTES = 1024 * 1024;
/** Runs read in one go: at first, and at most. */
const FIRST_PAGE = 32;
const LARGEST_PAGE = 4096;

/**
 * Runs of the log by what follows `FROM run`, to be indexed.
 *
 * @returns What gives them for some parameters, in half the time of rows as objects.
 */
export function prepareRuns(
  log: DatabaseSync,
  condition: string,
): (...parameters: number[]) => IndexedRun[] {
  const statement = log.prepare(
    `SELECT id, room_id, count, at, kind, ${whole("sender")},
      CAST(bodies AS BLOB), CAST(fields AS BLOB) FROM run ${condition}`,
  );
  // Node's own, from 24 on; the types that Deno has do not know it yet.
  (statement as StatementSync & { setReturnArrays(on: boolean): void }).setReturnArrays(true);
  return (...parameters) => (statement.all(...parameters) as unknown as RunColumns[]).map(toRun);
}

type RunColumns = [
  id: number,
  room: number,
  count: number,
  at: number,
  kind: number,
  sender: IndexedRun["sender"],
  bodies: Uint8Array,
  fields: Uint8Array | null,
];

function toRun([id, room, count, at, kind, sender, bodies, fields]: RunColumns): IndexedRun {
  return { id, room, count, at, kind, sender, bodies, fields };
}

/** What a step did. */
export interface IndexStep {
  /** Events that it indexed; 0 where there was nothing to do. */
  readonly events: number;
  /** The id of the last event that is indexed. */
  readonly through: number;
  /** Whether it was as much as a step may be, so that there is likely to be more. */
  readonly isFull: boolean;
}

export interface IndexWriterOptions {
  /** Of so many events at once number-like words are set apart. @default {8192} */
  readonly bulkEvents?: number;
}

export class IndexWriter {
  readonly #index: DatabaseSync;
  readonly #bulkEvents: number;
  readonly #page: (id: number, limit: number) => IndexedRun[];
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #builder = new BlockBuilder();
  readonly #sheet = new TokenTable();
  #pageRuns = FIRST_PAGE;
  #isFull = false;

  /**
   * @param log Only read.
   * @param index As `openIndex` gives it.
   * @throws {StaleIndexError} if the index is of another log.
   */
  constructor(
    log: DatabaseSync,
    index: DatabaseSync,
    { bulkEvents = BULK_EVENTS }: IndexWriterOptions = {},
  ) {
    this.#index = index;
    this.#bulkEvents = bulkEvents;
    this.#page = prepareRuns(log, "WHERE id > ? ORDER BY id LIMIT ?");
    this.#statements = prepareStatements(index);
    if (isOfAnotherLog(log, readProgress(index))) throw new StaleIndexError("it is of another log");
  }

  /** Indexes what comes next. @throws {Error} where nothing of it was kept. */
  step(): IndexStep {
    const { id } = readProgress(this.#index);
    const pages = this.#pagesAfter(id);
    // Until it is known whether they are many.
    const held: IndexedRun[] = [];
    let events = 0;
    while (events < this.#bulkEvents) {
      const { value: page } = pages.next();
      if (!page) break;
      held.push(...page);
      events += countEvents(page);
    }
    if (held.length === 0) return { events: 0, through: id, isFull: false };
    this.#index.exec("BEGIN IMMEDIATE");
    try {
      const step = this.#write(held, events < this.#bulkEvents ? undefined : pages);
      this.#index.exec("COMMIT");
      return step;
    } catch (error) {
      // Some failures, a full disk among them, have rolled back already.
      if (this.#index.isTransaction) this.#index.exec("ROLLBACK");
      this.#builder.clear();
      this.#sheet.clear();
      throw error;
    }
  }

  /** @param more Further pages, where much comes at once. */
  #write(first: readonly IndexedRun[], more: Iterable<IndexedRun[]> | undefined): IndexStep {
    const blocks: Block[] = [];
    const add = (runs: readonly IndexedRun[]) => {
      for (const run of runs) {
        this.#builder.add(run);
        if (this.#builder.isFull) blocks.push(this.#finishBlock(more && blocks.length));
      }
    };
    add(first);
    let events = countEvents(first);
    let last = first[first.length - 1];
    for (const page of more ?? []) {
      add(page);
      events += countEvents(page);
      last = page[page.length - 1];
    }
    if (!this.#builder.isEmpty) blocks.push(this.#finishBlock(more && blocks.length));
    if (more) this.#finishSheet(blocks);
    this.#statements.setProgress.run(last.id, last.at);
    return { events, through: last.id + last.count - 1, isFull: this.#isFull };
  }

  /** @param place Its place on the sheet, where there is one. */
  #finishBlock(place: number | undefined): Block {
    const { block, words, numbers } = this.#builder.finish(place !== undefined);
    this.#statements.addWords.run(block.id, words);
    this.#statements.addBlock.run(block.id, block.last, block.earliest, block.latest);
    if (place !== undefined) this.#sheet.add(numbers, place);
    return block;
  }

  #finishSheet(blocks: readonly Block[]): void {
    const ids = new Float64Array(blocks.map(({ id }) => id));
    const { lastInsertRowid } = this.#statements.addSheet.run(
      blocks[0].id,
      blocks[blocks.length - 1].id,
      new Uint8Array(ids.buffer),
    );
    for (const [bucket, entries] of this.#sheet.take()) {
      this.#statements.addBucket.run(bucketId(bucket, Number(lastInsertRowid)), entries);
    }
  }

  /** What follows in the log, for one step. */
  *#pagesAfter(id: number): Generator<IndexedRun[], undefined> {
    let events = 0;
    let bytes = 0;
    this.#isFull = false;
    while (events < STEP_EVENTS && bytes < STEP_BYTES) {
      const page = this.#page(id, this.#pageRuns);
      if (page.length === 0) return;
      id = page[page.length - 1].id;
      const size = page.reduce((sum, run) => sum + sizeOf(run), 0);
      bytes += size;
      events += countEvents(page);
      const fitting = Math.ceil(page.length * PAGE_BYTES / size);
      this.#pageRuns = Math.min(fitting, page.length * 2, LARGEST_PAGE);
      yield page;
    }
    this.#isFull = true;
  }
}

function countEvents(runs: readonly IndexedRun[]): number {
  return runs.reduce((sum, { count }) => sum + count, 0);
}

function sizeOf({ bodies, fields }: IndexedRun): number {
  return bodies.length + (fields?.length ?? 0) + 64;
}

function prepareStatements(index: DatabaseSync) {
  return {
    setProgress: index.prepare("UPDATE progress SET id = ?, at = ?"),
    addWords: index.prepare("INSERT INTO word (rowid, words) VALUES (?, ?)"),
    addBlock: index.prepare("INSERT INTO block VALUES (?, ?, ?, ?)"),
    addSheet: index.prepare("INSERT INTO sheet (id, last, blocks) VALUES (?, ?, ?)"),
    addBucket: index.prepare("INSERT INTO bucket VALUES (?, ?)"),
  };
}
