/**
 * Groups runs of the log into blocks, the unit of the index: a word is indexed once for each block
 * that contains it.
 *
 * @module
 */

import { levelOf } from "../../../level.ts";
import { nameKey } from "../../../domain/name.ts";
import { valuesIn } from "../run_fields.ts";
import { type StoredText, textOf } from "../run_row.ts";
import { kindMark, levelMark, LINK_MARK, roomMark, senderMark } from "./index_words.ts";
import { WordScanner } from "./word_scanner.ts";

/** A block is full at this many events or bytes of text. A search reads all of a block it hits. */
const BLOCK_EVENTS = 1024;
const BLOCK_BYTES = 128 * 1024;

// As `JSON.stringify` writes it, at any depth, or the only one of a run: see `run_fields.ts`. Inside
// a string the quotes would be escaped.
const LEVEL = /"level":\[?(?:"([^"\\]{0,20})"|(\d{1,2})[,}\]])/g;
/** Begins the levels of a run if there are several. */
const SEVERAL = /"level":\[(?!(?:"[^"\\]*"|\d*)\])/;

/** A run of the log. */
export interface IndexedRun {
  /** Of the first event. */
  readonly id: number;
  /** The id of the room. */
  readonly room: number;
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** As `kindOf` reads it. */
  readonly kind: number;
  readonly sender: StoredText;
  /** JSON. */
  readonly bodies: string;
  /** JSON. */
  readonly fields: string | null;
}

/** A block without its words. */
export interface Block {
  /** The id of the first run. */
  readonly id: number;
  /** The id of the last run. */
  readonly last: number;
  /** The earliest time of a run, milliseconds since 1970. */
  readonly earliest: number;
  /** The latest. */
  readonly latest: number;
}

export class BlockBuilder {
  readonly #scanner = new WordScanner();
  #runs: IndexedRun[] = [];
  #events = 0;
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#runs.length === 0;
  }

  get isFull(): boolean {
    return this.#events >= BLOCK_EVENTS || this.#bytes >= BLOCK_BYTES;
  }

  /** Adds the next run. */
  add(run: IndexedRun): void {
    this.#runs.push(run);
    this.#events += run.count;
    this.#bytes += run.bodies.length + (run.fields?.length ?? 0);
  }

  /**
   * Ends the block and begins the next one.
   *
   * @param hashesNumbers Whether to return number-like words as hashes in `numbers`.
   * @returns The block with its words and marks, separated by spaces. `words` and `numbers` are
   * valid until the next call.
   */
  finish(hashesNumbers: boolean): { block: Block; words: Uint8Array; numbers: Uint32Array } {
    const runs = this.#runs;
    const scanner = this.#scanner;
    scanner.begin(hashesNumbers);
    for (const { bodies, fields } of runs) {
      scanner.scan(bodies);
      if (fields) scanner.scan(fields);
    }
    for (const mark of marksOf(runs)) scanner.add(mark);
    if (scanner.hasLink) scanner.add(LINK_MARK);
    const times = runs.map(({ at }) => at);
    const block = {
      id: runs[0].id,
      last: runs[runs.length - 1].id,
      earliest: times.reduce((a, b) => Math.min(a, b)),
      latest: times.reduce((a, b) => Math.max(a, b)),
    };
    this.clear();
    return { block, words: scanner.words, numbers: scanner.numbers };
  }

  /** Drops the runs added so far. */
  clear(): void {
    this.#runs = [];
    this.#events = 0;
    this.#bytes = 0;
  }
}

/** The marks that filters look for, each once. */
function marksOf(runs: readonly IndexedRun[]): Set<string> {
  const marks = new Set<string>();
  const senders = new Set<string>();
  for (const { room, kind, sender, fields } of runs) {
    marks.add(roomMark(room));
    marks.add(kindMark(kind));
    senders.add(textOf(sender));
    if (fields) addLevels(marks, fields);
  }
  for (const sender of senders) marks.add(senderMark(nameKey(sender)));
  return marks;
}

function addLevels(marks: Set<string>, fields: string): void {
  let last: string | undefined;
  const add = (value: unknown) => {
    const level = levelOf(value);
    if (level) marks.add(levelMark(level));
  };
  for (const [match, name, number] of fields.matchAll(LEVEL)) {
    if (match === last) continue;
    last = match;
    add(name ?? Number(number));
  }
  if (SEVERAL.test(fields)) valuesIn(fields, "level").forEach(add);
}
