/**
 * A mark is a short hash of everything that a node has applied up to an entry of the stream. Nodes
 * whose marks at the same entry differ have applied different entries.
 *
 * @module
 */

import type { StreamPosition } from "./cluster_state.ts";

/** How many of the latest marks are kept. */
const KEPT = 10_000;

/**
 * Returns the mark after an entry.
 *
 * @param position The position before it.
 * @param at When the stream stored it, in milliseconds since 1970.
 * @param by Which batch of which node it is.
 * @returns `undefined` if the log is from a version that kept no marks.
 */
export function nextMark(
  { seq, mark }: StreamPosition,
  at: number,
  by: NonNullable<StreamPosition["by"]>,
): string | undefined {
  if (seq > 0 && mark === undefined) return undefined;
  const { node, incarnation, batch } = by;
  return hash(`${mark} ${at} ${node} ${incarnation} ${batch}`);
}

/** A 64-bit hash, FNV-1a with two primes; a digest of node:crypto takes ten times as long. */
function hash(text: string): string {
  let [a, b] = [0x811c9dc5, 0x9dc5811c];
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b);
  }
  return `${(a >>> 0).toString(36)}-${(b >>> 0).toString(36)}`;
}

/** The marks at the latest entries. */
export class PastMarks {
  readonly #marks = new Map<number, string>();

  add({ seq, mark }: StreamPosition): void {
    if (mark === undefined) return;
    this.#marks.set(seq, mark);
    this.#marks.delete(seq - KEPT);
  }

  /** The mark at entry `seq`; `undefined` if it is not known. */
  at(seq: number): string | undefined {
    return this.#marks.get(seq);
  }
}
