/**
 * Finds the blocks that may contain a match, newest first. It is lazy, because the first blocks are
 * often enough.
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
/** Looking up one block costs about as much as stepping over this many. */
const MAX_STEPS = 100;

/** Ids of blocks, newest first. */
type Ids = Iterable<number>;

export class IndexReader {
  readonly #index: DatabaseSync;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(index: DatabaseSync) {
    this.#index = index;
    this.#statements = prepareStatements(index);
  }

  /** Begins a consistent view of the index, which lasts until {@linkcode end}. */
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

  /**
   * The blocks that begin before run `before` and may contain a match.
   *
   * @param changed Runs that have changed since they were indexed, besides those it knows of. Their
   * blocks are always among those returned.
   */
  *blocks(query: IndexQuery, before: number, changed: readonly number[] = []): Generator<Block> {
    for (const id of union(this.#ids(query, before), this.#stale(changed, before))) {
      const block = this.#statements.block.get(id) as unknown as Block | undefined;
      if (block && block.latest >= query.earliest && block.earliest < query.end) yield block;
    }
  }

  #stale(changed: readonly number[], before: number): number[] {
    const ids = this.#statements.stale.all().map(({ id }) => id as number);
    for (const run of changed) {
      const block = this.#statements.blockWith.get(run);
      if (block) ids.push(block.id as number);
    }
    return [...new Set(ids)].filter((id) => id < before).sort((a, b) => b - a);
  }

  #ids({ expression, numbers, hashes }: IndexQuery, before: number): Ids {
    if (hashes.length === 0) return this.#matching(expression, before);
    const inFts = [expression, numbers].filter((part) => part !== "").join(" AND ");
    const inTables = this.#inTokenTables(hashes, before);
    const isMatching = this.#index.prepare(IS_MATCHING);
    const has = (id: number) => isMatching.get(expression, id) !== undefined;
    return union(
      this.#matching(inFts, before),
      expression === ""
        ? inTables
        : intersection(inTables, this.#matching(expression, before), has),
    );
  }

  *#matching(expression: string, before: number): Generator<number> {
    // A new statement each time: several iterations may run at once.
    const rows = expression === ""
      ? this.#index.prepare(ALL).iterate(before)
      : this.#index.prepare(MATCHING).iterate(expression, before);
    for (const row of rows) yield row.id as number;
  }

  /** Blocks that have all these hashes in a token table. */
  *#inTokenTables(hashes: readonly number[], before: number): Generator<number> {
    const { tables, bucket } = this.#statements;
    for (const { number, blocks } of tables.iterate(before)) {
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
 * The ids in both.
 *
 * @param has Whether `others` has an id. Used when stepping there would take too long.
 */
function* intersection(some: Ids, others: Ids, has: (id: number) => boolean): Generator<number> {
  const rest = others[Symbol.iterator]();
  try {
    let other = rest.next();
    for (const id of some) {
      for (let step = 0; step < MAX_STEPS && !other.done && other.value > id; step++) {
        other = rest.next();
      }
      if (other.done) return;
      if (other.value === id || other.value > id && has(id)) yield id;
    }
  } finally {
    rest.return?.();
  }
}

/** The ids in either. Those in both may come twice. */
function* union(some: Ids, others: Ids): Generator<number> {
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
    stale: index.prepare("SELECT id FROM stale_block"),
    blockWith: index.prepare("SELECT id FROM block WHERE id <= ? ORDER BY id DESC LIMIT 1"),
    tables: index.prepare("SELECT number, blocks FROM token_table WHERE id < ? ORDER BY id DESC"),
    bucket: index.prepare("SELECT entries FROM bucket WHERE id = ?"),
  };
}
