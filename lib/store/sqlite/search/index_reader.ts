/**
 * Finds the blocks of events that may have what is wanted, the newest first, as they are asked for:
 * the first ones are often enough.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Block } from "./block_builder.ts";
import { bucketId } from "./index_file.ts";
import type { IndexQuery } from "./index_query.ts";
import { bucketOf, decodeBlocks, lookUp } from "./token_table.ts";

const ALL = "SELECT id FROM block WHERE id < ? ORDER BY id DESC";
const MATCHING =
  "SELECT rowid AS id FROM word WHERE word MATCH ? AND rowid < ? ORDER BY rowid DESC";

const IS_MATCHING = "SELECT 1 FROM word WHERE word MATCH ? AND rowid = ?";
/** To look for one block costs as much as to go on by so many, roughly. */
const MOST_STEPS = 100;

/** Ids of blocks, the newest first. */
type Ids = Iterable<number>;

export class IndexReader {
  readonly #index: DatabaseSync;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(index: DatabaseSync) {
    this.#index = index;
    this.#statements = prepareStatements(index);
  }

  /** Has all that is read between this and {@linkcode end} be of one moment. */
  begin(): void {
    this.#index.exec("BEGIN");
  }

  end(): void {
    if (this.#index.isTransaction) this.#index.exec("COMMIT");
  }

  /** The id of the last run that is indexed. */
  get progress(): number {
    return this.#statements.progress.get()!.id as number;
  }

  /** Blocks that begin before run `before`. */
  *blocks(query: IndexQuery, before: number): Generator<Block> {
    for (const id of this.#ids(query, before)) {
      const block = this.#statements.block.get(id) as unknown as Block | undefined;
      if (block && block.latest >= query.earliest && block.earliest < query.end) yield block;
    }
  }

  #ids({ expression, numbers, hashes }: IndexQuery, before: number): Ids {
    if (hashes.length === 0) return this.#matching(expression, before);
    const together = [expression, numbers].filter((part) => part !== "").join(" AND ");
    const apart = this.#onSheets(hashes, before);
    const isMatching = this.#index.prepare(IS_MATCHING);
    const has = (id: number) => isMatching.get(expression, id) !== undefined;
    return merged(
      this.#matching(together, before),
      expression === "" ? apart : common(apart, this.#matching(expression, before), has),
    );
  }

  *#matching(expression: string, before: number): Generator<number> {
    // Statements of their own: several may be under way at once.
    const rows = expression === ""
      ? this.#index.prepare(ALL).iterate(before)
      : this.#index.prepare(MATCHING).iterate(expression, before);
    for (const row of rows) yield row.id as number;
  }

  /** Blocks whose number-like words are set apart and have all these hashes. */
  *#onSheets(hashes: readonly number[], before: number): Generator<number> {
    const { sheets, bucket } = this.#statements;
    for (const { number, blocks } of sheets.iterate(before)) {
      const places = hashes.map((hash) => {
        const row = bucket.get(bucketId(bucketOf(hash), number as number));
        return row ? lookUp(row.entries as Uint8Array, hash) : [];
      });
      const [first, ...others] = places.map((found) => new Set(found));
      const ids = decodeBlocks(blocks as Uint8Array);
      for (const place of [...first].sort((a, b) => b - a)) {
        if (ids[place] < before && others.every((found) => found.has(place))) yield ids[place];
      }
    }
  }
}

/**
 * What is in both.
 *
 * @param has Whether the others have an id; to be asked where they are many, and it is far away.
 */
function* common(some: Ids, others: Ids, has: (id: number) => boolean): Generator<number> {
  const rest = others[Symbol.iterator]();
  try {
    let other = rest.next();
    for (const id of some) {
      for (let step = 0; step < MOST_STEPS && !other.done && other.value > id; step++) {
        other = rest.next();
      }
      if (other.done) return;
      if (other.value === id || other.value > id && has(id)) yield id;
    }
  } finally {
    rest.return?.();
  }
}

/** What is in one of them, nothing being in both. */
function* merged(some: Ids, others: Ids): Generator<number> {
  const rest = others[Symbol.iterator]();
  try {
    let other = rest.next();
    for (const id of some) {
      for (; !other.done && other.value > id; other = rest.next()) yield other.value;
      yield id;
    }
    for (; !other.done; other = rest.next()) yield other.value;
  } finally {
    rest.return?.();
  }
}

function prepareStatements(index: DatabaseSync): Record<string, StatementSync> {
  return {
    progress: index.prepare("SELECT id FROM progress"),
    block: index.prepare("SELECT id, last, earliest, latest FROM block WHERE id = ?"),
    sheets: index.prepare("SELECT number, blocks FROM sheet WHERE id < ? ORDER BY id DESC"),
    bucket: index.prepare("SELECT entries FROM bucket WHERE id = ?"),
  };
}
