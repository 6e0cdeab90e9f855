/**
 * Brings the index up to date with the log in steps. Each step is one transaction that includes its
 * progress, so it is done completely or not at all. The log is read in short pages, because a long
 * read transaction would keep SQLite from checkpointing the log's write-ahead file.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { type Block, BlockBuilder, type IndexedRun } from "./block_builder.ts";
import { bucketId, StaleIndexError } from "./index_file.ts";
import { prepareRuns } from "./indexed_runs.ts";
import { isOfAnotherLog, readProgress } from "./index_progress.ts";
import { isOfRedactions, RedoneBlocks } from "./redone_blocks.ts";
import { TokenTable } from "./token_table.ts";

/** Steps of at least this many events put number-like words into a token table. */
const BULK_EVENTS = 8192;
/** A step ends after this many events or bytes of text. */
const STEP_EVENTS = 128 * 1024;
const STEP_BYTES = 32 * 1024 * 1024;
/** Bytes of text in a page, roughly. */
const PAGE_BYTES = 1024 * 1024;
/** Runs in the first page, and at most. */
const FIRST_PAGE = 32;
const LARGEST_PAGE = 4096;

/** The outcome of a step. */
export interface IndexStep {
  /** Events indexed; 0 if there were no new ones. */
  readonly events: number;
  /** The id of the last indexed event. */
  readonly through: number;
  /** Whether the step reached a limit, so that there is probably more to do. */
  readonly isFull: boolean;
}

export interface IndexWriterOptions {
  /** Steps of at least this many events put number-like words into a token table. @default {8192} */
  readonly bulkEvents?: number;
}

export class IndexWriter {
  readonly #index: DatabaseSync;
  readonly #bulkEvents: number;
  readonly #page: (id: number, limit: number) => IndexedRun[];
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #builder = new BlockBuilder();
  readonly #tokens = new TokenTable();
  readonly #redone: RedoneBlocks;
  #pageRuns = FIRST_PAGE;
  #isFull = false;

  /**
   * @param log Only read.
   * @param index As `openIndex` returns it.
   * @throws {StaleIndexError} if the index belongs to another log.
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
    this.#redone = new RedoneBlocks(log, index);
    if (isOfAnotherLog(log, readProgress(index))) {
      throw new StaleIndexError("it belongs to another log");
    }
  }

  /**
   * Indexes the next events, and some blocks again whose events have been redacted.
   *
   * @throws {Error} if no new events were indexed.
   */
  step(): IndexStep {
    this.#redone.step();
    const step = this.#next();
    return this.#redone.hasMore ? { ...step, isFull: true } : step;
  }

  #next(): IndexStep {
    // Before the first page is read.
    const now = this.#redone.now;
    const { id } = readProgress(this.#index);
    const pages = this.#pagesAfter(id);
    // Held back until we know whether this is a bulk step.
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
      const step = this.#write(held, now, events < this.#bulkEvents ? undefined : pages);
      this.#index.exec("COMMIT");
      return step;
    } catch (error) {
      // After some failures, such as a full disk, SQLite has already rolled back.
      if (this.#index.isTransaction) this.#index.exec("ROLLBACK");
      this.#builder.clear();
      this.#tokens.clear();
      throw error;
    }
  }

  /**
   * @param now What the pages are at least as new as.
   * @param more Further pages, in a bulk step.
   */
  #write(
    first: readonly IndexedRun[],
    now: number,
    more: Iterable<IndexedRun[]> | undefined,
  ): IndexStep {
    const blocks: Block[] = [];
    const redactions: IndexedRun[] = [];
    const finish = () => blocks.push(this.#finishBlock(now, more && blocks.length));
    const add = (runs: readonly IndexedRun[]) => {
      for (const run of runs) {
        this.#builder.add(run);
        if (isOfRedactions(run)) redactions.push(run);
        if (this.#builder.isFull) finish();
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
    if (!this.#builder.isEmpty) finish();
    if (more) this.#finishTable(blocks);
    this.#redone.note(redactions);
    this.#statements.setProgress.run(last.id, last.at);
    return { events, through: last.id + last.count - 1, isFull: this.#isFull };
  }

  /** @param place The index of the block in the token table, in a bulk step. */
  #finishBlock(now: number, place: number | undefined): Block {
    const { block, words, numbers } = this.#builder.finish(place !== undefined);
    this.#statements.addWords.run(block.id, words);
    this.#statements.addBlock.run(block.id, block.last, block.earliest, block.latest, now);
    if (place !== undefined) this.#tokens.add(numbers, place);
    return block;
  }

  #finishTable(blocks: readonly Block[]): void {
    const ids = new Float64Array(blocks.map(({ id }) => id));
    const { lastInsertRowid } = this.#statements.addTable.run(
      blocks[0].id,
      blocks[blocks.length - 1].id,
      new Uint8Array(ids.buffer),
    );
    for (const [bucket, entries] of this.#tokens.take()) {
      this.#statements.addBucket.run(bucketId(bucket, Number(lastInsertRowid)), entries);
    }
  }

  /** The pages of the log after run `id`, up to the limit of a step. */
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
    addBlock: index.prepare("INSERT INTO block VALUES (?, ?, ?, ?, ?)"),
    addTable: index.prepare("INSERT INTO token_table (id, last, blocks) VALUES (?, ?, ?)"),
    addBucket: index.prepare("INSERT INTO bucket VALUES (?, ?)"),
  };
}
