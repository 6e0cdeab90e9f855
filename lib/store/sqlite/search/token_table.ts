/**
 * An index of number-like words: ids, times and counts, most of which occur in a single line.
 *
 * FTS5 sorts, writes and repeatedly merges every distinct word. A bulk step instead writes these
 * words as one token table: their 32-bit hashes in order, each with its block, split into
 * {@linkcode BUCKETS} by their top bits. Looking up a word reads one bucket of each table. Hashes
 * may collide, which is harmless because a search reads the events anyway.
 *
 * Compared with all words in FTS5 (`deno task bench:search` over 2 million lines of 84 bytes, one
 * core, medians of 3): indexing takes 1.2 µs of CPU a line instead of 2.0, and writing and indexing
 * 250,000 lines a second 61 % of a core instead of 75 %, with the index 1.0 s behind instead of 1.7.
 * The price: 11.2 bytes a line instead of 9.4, 1.2 ms (p50) instead of 0.8 to find an id, and 0.5 s
 * instead of 0.8 ms to find one by its first digits, because hashes have no prefixes.
 *
 * @module
 */

/** Parts of a table, each a row of the index. */
export const BUCKETS = 64;
const BUCKET_SHIFT = 26;
/** A table can refer to this many blocks. */
const MAX_BLOCKS = 0x10000;
const HASH_BYTES = 4;
const ENTRY_BYTES = 6;

/** The bucket to which a hash belongs. */
export function bucketOf(hash: number): number {
  return hash >>> BUCKET_SHIFT;
}

/** Collects hashes and sorts them into buckets. */
export class TokenTable {
  #hashes = new Uint32Array(64 * 1024);
  #blocks = new Uint16Array(64 * 1024);
  #count = 0;

  /** Adds the hashes of a block. @param block Its index, below {@linkcode MAX_BLOCKS}. */
  add(hashes: Uint32Array, block: number): void {
    const end = this.#count + hashes.length;
    if (end > this.#hashes.length) this.#grow(end);
    this.#hashes.set(hashes, this.#count);
    this.#blocks.fill(block, this.#count, end);
    this.#count = end;
  }

  /** Empties the table, and returns its non-empty buckets. */
  take(): [bucket: number, entries: Uint8Array][] {
    const ends = new Uint32Array(BUCKETS + 1);
    for (let at = 0; at < this.#count; at++) ends[bucketOf(this.#hashes[at]) + 1]++;
    for (let bucket = 0; bucket < BUCKETS; bucket++) ends[bucket + 1] += ends[bucket];
    // A hash and a block fit one double exactly, so a single numeric sort orders both.
    const sorted = new Float64Array(this.#count);
    const next = ends.slice();
    for (let at = 0; at < this.#count; at++) {
      const hash = this.#hashes[at];
      sorted[next[bucketOf(hash)]++] = hash * MAX_BLOCKS + this.#blocks[at];
    }
    this.clear();
    const buckets: [number, Uint8Array][] = [];
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const part = sorted.subarray(ends[bucket], ends[bucket + 1]);
      if (part.length > 0) buckets.push([bucket, encode(part.sort())]);
    }
    return buckets;
  }

  /** Empties the table. */
  clear(): void {
    this.#count = 0;
  }

  #grow(length: number): void {
    const hashes = new Uint32Array(length * 2);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    const blocks = new Uint16Array(length * 2);
    blocks.set(this.#blocks);
    this.#blocks = blocks;
  }
}

/**
 * The indexes of the blocks that have a hash, in order.
 *
 * @param entries The bucket to which the hash belongs.
 */
export function lookUp(entries: Uint8Array, hash: number): number[] {
  const { hashes, blocks } = decode(entries);
  let low = 0;
  let high = hashes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (hashes[middle] < hash) low = middle + 1;
    else high = middle;
  }
  const found: number[] = [];
  for (; hashes[low] === hash; low++) found.push(blocks[low]);
  return found;
}

/**
 * A bucket in which the hashes of some blocks are replaced.
 *
 * @param old Absent if it was empty.
 * @param blocks The indexes of the blocks.
 * @param added Their new hashes, as `TokenTable.take` returns them.
 */
export function mergedBucket(
  old: Uint8Array | undefined,
  blocks: ReadonlySet<number>,
  added: Uint8Array | undefined,
): Uint8Array {
  const merged = new Float64Array(((old?.length ?? 0) + (added?.length ?? 0)) / ENTRY_BYTES);
  let count = 0;
  const addAll = (entries: Uint8Array | undefined, isKept: (block: number) => boolean) => {
    if (!entries) return;
    const { hashes, blocks } = decode(entries);
    for (let at = 0; at < hashes.length; at++) {
      if (isKept(blocks[at])) merged[count++] = hashes[at] * MAX_BLOCKS + blocks[at];
    }
  };
  addAll(old, (block) => !blocks.has(block));
  addAll(added, () => true);
  return encode(merged.subarray(0, count).sort());
}

/** Decodes the stored ids of the blocks of a table. */
export function decodeBlocks(blocks: Uint8Array): Float64Array {
  return new Float64Array(blocks.slice().buffer);
}

/** The hashes in a bucket, and the index of the block of each. */
export function decode(entries: Uint8Array): { hashes: Uint32Array; blocks: Uint16Array } {
  // A typed array must start at a multiple of its element size.
  const { buffer, byteOffset } = isAligned(entries) ? entries : entries.slice();
  const count = entries.length / ENTRY_BYTES;
  return {
    hashes: new Uint32Array(buffer, byteOffset, count),
    blocks: new Uint16Array(buffer, byteOffset + count * HASH_BYTES, count),
  };
}

/** All hashes first, then all blocks, because a search reads mostly hashes. */
function encode(sorted: Float64Array): Uint8Array {
  const entries = new Uint8Array(sorted.length * ENTRY_BYTES);
  const { hashes, blocks } = decode(entries);
  for (let at = 0; at < sorted.length; at++) {
    hashes[at] = Math.floor(sorted[at] / MAX_BLOCKS);
    blocks[at] = sorted[at] % MAX_BLOCKS;
  }
  return entries;
}

function isAligned({ byteOffset }: Uint8Array): boolean {
  return byteOffset % HASH_BYTES === 0;
}
