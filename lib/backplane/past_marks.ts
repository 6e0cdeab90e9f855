/**
 * A short mark of everything that a node has applied up to a place in the stream. Nodes that have
 * other marks at the same place have applied other entries.
 *
 * @module
 */

import type { StreamPosition } from "./cluster_state.ts";

/** Places whose marks are kept. */
const KEPT = 10_000;

/**
 * The mark behind an entry.
 *
 * @param before The position before it.
 * @param at When the stream took it.
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

/** 64 bits, FNV-1a with two primes: a digest of node:crypto would take ten times as long. */
function hash(text: string): string {
  let [a, b] = [0x811c9dc5, 0x9dc5811c];
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b);
  }
  return `${(a >>> 0).toString(36)}-${(b >>> 0).toString(36)}`;
}

/** The marks at the last places. */
export class PastMarks {
  readonly #marks = new Map<number, string>();

  add({ seq, mark }: StreamPosition): void {
    if (mark === undefined) return;
    this.#marks.set(seq, mark);
    this.#marks.delete(seq - KEPT);
  }

  /** `undefined` if it is not known. */
  at(seq: number): string | undefined {
    return this.#marks.get(seq);
  }
}
