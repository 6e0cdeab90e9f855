/**
 * Checks the search index against the log: that every event can be found, and nothing else.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { ROOM_EVENT_KINDS } from "../../../domain/room_event.ts";
import { countText } from "../../../domain/wording.ts";
import { type Block, BlockBuilder, type IndexedRun } from "../search/block_builder.ts";
import { bucketId } from "../search/index_file.ts";
import { readProgress } from "../search/index_progress.ts";
import { prepareRuns } from "../search/indexed_runs.ts";
import { redactionsIn } from "../search/redone_blocks.ts";
import { BUCKETS, decode, decodeBlocks } from "../search/token_table.ts";
import { checkFile, damage, type Finding, firstFew, note } from "./finding.ts";

const decoder = new TextDecoder();

/** Runs read at a time. */
const PAGE_RUNS = 256;

/** Checksums of the words and numbers of a block. */
interface Sums {
  words: number;
  numbers: number;
}

/** A block, and what the index should hold of it. */
interface Expected {
  readonly block: Block;
  /** Absent if unknown: retention removed some of its events, or it is to be indexed again. */
  readonly sums?: Sums;
}

/**
 * Compares a snapshot of the index with one of the log; the server may be running.
 *
 * @param log From `openLogToRead`.
 * @param index From `openIndexToRead`.
 */
export function* verifyIndex(log: DatabaseSync, index: DatabaseSync): Generator<Finding> {
  // Index before log: events are in the log before they are indexed.
  index.exec("BEGIN");
  const { id: progress } = readProgress(index);
  log.exec("BEGIN");
  try {
    yield* checkFile(index, "search index");
    const places = new Map(readPlaces(index));
    const expected = new Map<number, Expected>();
    const stale = readStale(log, index, progress);
    yield* firstFew(readLog(log, index, { progress, places, expected, stale }));
    const found = readIndex(index, places);
    yield* firstFew(compare(expected, found));
    const { newer } = log.prepare("SELECT coalesce(sum(count), 0) AS newer FROM run WHERE id > ?")
      .get(progress)!;
    yield note(
      `search index: ${countText(expected.size, "block")}` +
        (newer === 0 ? "" : `; ${countText(newer as number, "event")} not indexed yet`) +
        (stale.size === 0 ? "" : `; ${countText(stale.size, "block")} with redactions to redo`),
    );
  } finally {
    if (log.isTransaction) log.exec("COMMIT");
    if (index.isTransaction) index.exec("COMMIT");
  }
}

/** The blocks whose number-like words are in a token table. */
function* readPlaces(index: DatabaseSync): Generator<[block: number, table: number]> {
  for (const { number, blocks } of index.prepare("SELECT number, blocks FROM token_table").all()) {
    for (const id of decodeBlocks(blocks as Uint8Array)) yield [id, number as number];
  }
}

/** The blocks whose words may be of texts that have been redacted: the server will redo them. */
function readStale(log: DatabaseSync, index: DatabaseSync, progress: number): Set<number> {
  const stale = new Set(index.prepare("SELECT id FROM stale_block").all().map(({ id }) => id));
  const runWith = log.prepare(
    "SELECT id FROM run WHERE room_id = ? AND seq <= ? ORDER BY seq DESC LIMIT 1",
  );
  const block = index.prepare("SELECT id FROM block WHERE id <= ? ORDER BY id DESC LIMIT 1");
  const kind = ROOM_EVENT_KINDS.indexOf("redaction");
  const later = prepareRuns(log, `WHERE id > ? AND kind = ${kind} ORDER BY id LIMIT ?`);
  for (let after = progress;;) {
    const page = later(after, PAGE_RUNS);
    for (const { room, of } of redactionsIn(page)) {
      const target = runWith.get(room, of);
      const found = target && block.get(target.id);
      if (found) stale.add(found.id);
    }
    if (page.length < PAGE_RUNS) return stale as Set<number>;
    after = page[page.length - 1].id;
  }
}

/** Fills `expected`, and finds events that are in no block. */
function* readLog(
  log: DatabaseSync,
  index: DatabaseSync,
  { progress, places, expected, stale }: {
    readonly progress: number;
    readonly places: ReadonlyMap<number, number>;
    readonly expected: Map<number, Expected>;
    readonly stale: ReadonlySet<number>;
  },
): Generator<Finding> {
  const runs = prepareRuns(log, "WHERE id BETWEEN ? AND ? ORDER BY id");
  const between = log.prepare("SELECT min(id) AS first FROM run WHERE id > ? AND id < ?");
  const builder = new BlockBuilder();
  let last = 0;
  const check = function* (before: number): Generator<Finding> {
    const { first } = between.get(last, before)!;
    if (first !== null) yield damage(`search index: event ${first} and more are not indexed`);
  };
  const blocks = index.prepare("SELECT id, last, earliest, latest FROM block ORDER BY id")
    .iterate();
  for (const block of blocks as Iterable<unknown> as Iterable<Block>) {
    yield* check(block.id);
    last = block.last;
    const rows = runs(block.id, block.last);
    for (const row of rows) builder.add(row);
    const isKnown = isComplete(block, rows) && !stale.has(block.id);
    const sums = isKnown ? sumsOf(builder, places.has(block.id)) : undefined;
    if (!sums && rows.length > 0) builder.finish(false);
    expected.set(block.id, { block, sums });
  }
  yield* check(progress + 1);
}

function isComplete({ id, last }: Block, runs: readonly IndexedRun[]): boolean {
  let next = id;
  for (const run of runs) {
    if (run.id !== next) return false;
    next += run.count;
  }
  return runs.at(-1)?.id === last;
}

function sumsOf(builder: BlockBuilder, hashesNumbers: boolean): Sums {
  const { words, numbers } = builder.finish(hashesNumbers);
  const sums = { words: 0, numbers: 0 };
  const all = new Set(decoder.decode(words).split(" "));
  all.delete("");
  for (const word of all) sums.words = sums.words + hashOf(word) | 0;
  for (const number of new Set(numbers)) sums.numbers = sums.numbers + spread(number) | 0;
  return sums;
}

/** The contents of the index for each block. */
function readIndex(index: DatabaseSync, places: ReadonlyMap<number, number>): Map<number, Sums> {
  const found = new Map<number, Sums>();
  const sumsAt = (block: number) => {
    let sums = found.get(block);
    if (!sums) found.set(block, sums = { words: 0, numbers: 0 });
    return sums;
  };
  index.exec("CREATE VIRTUAL TABLE temp.word_in_block USING fts5vocab (main, word, instance)");
  let term = "";
  let hash = 0;
  for (const row of index.prepare("SELECT term, doc FROM temp.word_in_block").iterate()) {
    if (row.term !== term) hash = hashOf(term = row.term as string);
    const sums = sumsAt(row.doc as number);
    sums.words = sums.words + hash | 0;
  }
  const bucket = index.prepare("SELECT entries FROM bucket WHERE id = ?");
  for (const { number, blocks } of index.prepare("SELECT number, blocks FROM token_table").all()) {
    const ids = decodeBlocks(blocks as Uint8Array);
    for (let part = 0; part < BUCKETS; part++) {
      const row = bucket.get(bucketId(part, number as number));
      if (!row) continue;
      const entries = decode(row.entries as Uint8Array);
      entries.hashes.forEach((hash, at) => {
        // In order, and twice if a block has it in two spellings, such as with a colour inside.
        if (hash === entries.hashes[at - 1] && entries.blocks[at] === entries.blocks[at - 1]) {
          return;
        }
        const id = ids[entries.blocks[at]];
        if (places.get(id) !== number) return;
        const sums = sumsAt(id);
        sums.numbers = sums.numbers + spread(hash) | 0;
      });
    }
  }
  return found;
}

function* compare(
  expected: ReadonlyMap<number, Expected>,
  found: ReadonlyMap<number, Sums>,
): Generator<Finding> {
  for (const [id, { block, sums }] of expected) {
    const has = found.get(id);
    if (!has) {
      yield damage(`search index: events ${range(block)} cannot be found`);
    } else if (sums && (sums.words !== has.words || sums.numbers !== has.numbers)) {
      yield damage(`search index: some words of events ${range(block)} cannot be found`);
    }
  }
  for (const id of found.keys()) {
    if (!expected.has(id)) yield damage(`search index: it has words of unknown events (${id})`);
  }
}

function range({ id, last }: Block): string {
  return `${id} to ${last}`;
}

function hashOf(word: string): number {
  let hash = 7;
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash, 33) ^ word.charCodeAt(at);
  return spread(hash);
}

function spread(hash: number): number {
  return Math.imul(hash ^ hash >>> 15, 0x2c1b3c6d);
}
