/**
 * Where number-like words are: ids, times, counts, nearly every one of which is in one line only.
 *
 * The full-text index pays for each different word many times over, as it is sorted, written and
 * merged. So when much comes at once, these words go on a sheet: their hashes in order, each with
 * the block of events that it is in, cut into {@linkcode BUCKETS} by their first bits. A word
 * is looked up by a glance at one bucket of each sheet. Two words may have the same hash: whoever
 * looks something up has to read the events anyway.
 *
 * @module
 */

/** Parts of a sheet, each a row of the index. */
export const BUCKETS = 64;
const BUCKET_SHIFT = 26;
/** Most blocks that a sheet can tell of. */
export const MAX_BLOCKS = 0x10000;
const HASH_BYTES = 4;
const ENTRY_BYTES = 6;

/** Which bucket of each sheet has a hash, if any has. */
export function bucketOf(hash: number): number {
  return hash >>> BUCKET_SHIFT;
}

/** A sheet being made. */
export class TokenTable {
  #hashes = new Uint32Array(64 * 1024);
  #blocks = new Uint16Array(64 * 1024);
  #count = 0;

  /** Adds what is in a block, the index of which is below {@linkcode MAX_BLOCKS}. */
  add(hashes: Uint32Array, block: number): void {
    const end = this.#count + hashes.length;
    if (end > this.#hashes.length) this.#grow(end);
    this.#hashes.set(hashes, this.#count);
    this.#blocks.fill(block, this.#count, end);
    this.#count = end;
  }

  /** Empties the sheet; returns its buckets, those that have anything. */
  take(): [bucket: number, entries: Uint8Array][] {
    const ends = new Uint32Array(BUCKETS + 1);
    for (let at = 0; at < this.#count; at++) ends[bucketOf(this.#hashes[at]) + 1]++;
    for (let bucket = 0; bucket < BUCKETS; bucket++) ends[bucket + 1] += ends[bucket];
    // A hash and a block make one number, exact as a double, so that one sort does.
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

  /** Empties the sheet. */
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

/** The indexes of the blocks that have the hash, in order, by the bucket that it belongs to. */
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

/** The ids of the blocks that a sheet tells of, as they are stored. */
export function decodeBlocks(blocks: Uint8Array): Float64Array {
  return new Float64Array(blocks.slice().buffer);
}

/** All hashes in a bucket, and the block of each. */
export function decode(entries: Uint8Array): { hashes: Uint32Array; blocks: Uint16Array } {
  // Typed arrays begin at a multiple of their size only.
  const { buffer, byteOffset } = isAligned(entries) ? entries : entries.slice();
  const count = entries.length / ENTRY_BYTES;
  return {
    hashes: new Uint32Array(buffer, byteOffset, count),
    blocks: new Uint16Array(buffer, byteOffset + count * HASH_BYTES, count),
  };
}

/** All hashes first, then all blocks: a search looks at hashes only. */
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
