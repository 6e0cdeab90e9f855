/**
 * Removes from the index what retention removed from the log, and returns the space, in small
 * steps.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { bucketId } from "./index_file.ts";
import { BUCKETS } from "./token_table.ts";

/** Blocks checked in one step. */
const STEP_BLOCKS = 512;
/** Pages returned to the file system in one step. */
const STEP_PAGES = 256;

export class IndexSweep {
  readonly #index: DatabaseSync;
  readonly #log: ReturnType<typeof prepareLog>;
  readonly #statements: ReturnType<typeof prepareIndex>;
  /** The id of the block that was checked last. */
  #reached = -1;

  /** @param log Only read. */
  constructor(log: DatabaseSync, index: DatabaseSync) {
    this.#index = index;
    this.#log = prepareLog(log);
    this.#statements = prepareIndex(index);
  }

  /** Checks the next blocks, starting over after the last. @returns Whether there is more to do. */
  step(): boolean {
    const blocks = this.#statements.blocks.all(this.#reached, STEP_BLOCKS) as unknown as Span[];
    const gone = blocks.filter(({ id, last }) => !this.#log.run.get(id, last));
    if (gone.length > 0) this.#remove(gone);
    if (blocks.length === STEP_BLOCKS) {
      this.#reached = blocks[blocks.length - 1].id;
      return true;
    }
    this.#reached = -1;
    return this.#returnPages();
  }

  #remove(blocks: readonly Span[]): void {
    const { removeWords, removeBlock, emptyTables } = this.#statements;
    this.#index.exec("BEGIN IMMEDIATE");
    try {
      for (const { id } of blocks) {
        removeWords.run(id);
        removeBlock.run(id);
      }
      for (const { number } of emptyTables.all()) this.#removeTable(number as number);
      this.#index.exec("COMMIT");
    } catch (error) {
      if (this.#index.isTransaction) this.#index.exec("ROLLBACK");
      throw error;
    }
  }

  #removeTable(number: number): void {
    const { removeTable, removeBucket } = this.#statements;
    removeTable.run(number);
    for (let bucket = 0; bucket < BUCKETS; bucket++) removeBucket.run(bucketId(bucket, number));
  }

  /** @returns Whether there are more free pages. */
  #returnPages(): boolean {
    const before = this.#freePages();
    if (before === 0) return false;
    // `exec` would free only one page.
    this.#index.prepare(`PRAGMA incremental_vacuum(${STEP_PAGES})`).all();
    const after = this.#freePages();
    return after > 0 && after < before;
  }

  #freePages(): number {
    return this.#index.prepare("PRAGMA freelist_count").get()!.freelist_count as number;
  }
}

interface Span {
  readonly id: number;
  readonly last: number;
}

function prepareLog(log: DatabaseSync) {
  return { run: log.prepare("SELECT 1 FROM run WHERE id BETWEEN ? AND ? LIMIT 1") };
}

function prepareIndex(index: DatabaseSync) {
  return {
    blocks: index.prepare("SELECT id, last FROM block WHERE id > ? ORDER BY id LIMIT ?"),
    removeWords: index.prepare("DELETE FROM word WHERE rowid = ?"),
    removeBlock: index.prepare("DELETE FROM block WHERE id = ?"),
    emptyTables: index.prepare(
      `SELECT number FROM token_table WHERE NOT EXISTS
        (SELECT 1 FROM block WHERE block.id BETWEEN token_table.id AND token_table.last)`,
    ),
    removeTable: index.prepare("DELETE FROM token_table WHERE number = ?"),
    removeBucket: index.prepare("DELETE FROM bucket WHERE id = ?"),
  };
}
