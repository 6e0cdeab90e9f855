/**
 * Positions of the rows in a virtual list, which has elements only for the visible rows. Uses
 * measured heights where known and estimates otherwise, and reserves space above and below for
 * events that are not loaded.
 *
 * @module
 */

import type { Row } from "./row.ts";

/** A row and its offset in pixels from the top of the viewport; negative if it starts above. */
export interface Anchor {
  readonly key: string;
  readonly seq: number;
  readonly y: number;
}

/** Estimated heights in pixels, used until a row has been measured. */
const ESTIMATES: Readonly<Record<Row["kind"], number>> = {
  start: 72,
  day: 40,
  newMarker: 24,
  message: 22,
  fold: 28,
  hole: 24,
  presence: 22,
  note: 22,
  unsent: 22,
};

/** Heights remembered of rows that may return. */
const MAX_SPARE_HEIGHTS = 2000;

export class RowLayout {
  rows: readonly Row[] = [];
  /** Pixels reserved for events that are not loaded. */
  above = 0;
  below = 0;
  readonly #heights = new Map<string, number>();
  /** Offset of each row from the first, and the end of the last. */
  #offsets: number[] = [0];

  /** Total height, including the reserved space. */
  get total(): number {
    return this.above + this.loaded + this.below;
  }

  /** Height of the rows. */
  get loaded(): number {
    return this.#offsets[this.#offsets.length - 1];
  }

  setRows(rows: readonly Row[]): void {
    this.rows = rows;
    this.#prune();
    this.#place();
  }

  /** Records measured heights; returns whether any changed. */
  measure(heights: ReadonlyMap<string, number>): boolean {
    let isChanged = false;
    for (const [key, height] of heights) {
      if (this.#heights.get(key) === height) continue;
      this.#heights.set(key, height);
      isChanged = true;
    }
    if (isChanged) this.#place();
    return isChanged;
  }

  /** Forgets all heights, because the list has changed its width. */
  forgetHeights(): void {
    this.#heights.clear();
    this.#place();
  }

  /** Top of row `index`. */
  top(index: number): number {
    return this.above + this.#offsets[index];
  }

  /** Index of the row at `y`, or of the nearest one; -1 if there are no rows. */
  indexAt(y: number): number {
    let low = 0;
    let high = this.rows.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.top(middle) <= y) low = middle;
      else high = middle - 1;
    }
    return high < 0 ? -1 : low;
  }

  /** The rows between `top` and `bottom`, as a half-open range of indices. */
  rangeOf(top: number, bottom: number): readonly [start: number, end: number] {
    if (this.rows.length === 0) return [0, 0];
    return [this.indexAt(top), this.indexAt(bottom) + 1];
  }

  /** The row at the top of the viewport. */
  anchorAt(scrollTop: number): Anchor | undefined {
    const index = this.indexAt(scrollTop);
    return index === -1 ? undefined : this.anchorTo(index, this.top(index) - scrollTop);
  }

  anchorTo(index: number, y: number): Anchor {
    const { key, firstSeq } = this.rows[index];
    return { key, seq: firstSeq, y };
  }

  /** Index of the anchor's row; if that is gone, of the row that replaced it. */
  indexOf({ key, seq }: Anchor): number {
    const index = this.rows.findIndex((row) => row.key === key);
    return index === -1 ? this.indexOfSeq(seq) : index;
  }

  /** Index of the row with event `seq`, else of the next, else of the last; -1 without rows. */
  indexOfSeq(seq: number): number {
    const after = this.rows.findIndex((row) => row.lastSeq >= seq);
    return after === -1 ? this.rows.length - 1 : after;
  }

  /** Forgets heights of removed rows once there are many. */
  #prune(): void {
    if (this.#heights.size < 4 * this.rows.length + MAX_SPARE_HEIGHTS) return;
    const keys = new Set(this.rows.map(({ key }) => key));
    for (const key of this.#heights.keys()) if (!keys.has(key)) this.#heights.delete(key);
  }

  #place(): void {
    const offsets = [0];
    let offset = 0;
    for (const row of this.rows) {
      offset += this.#heights.get(row.key) ?? ESTIMATES[row.kind];
      offsets.push(offset);
    }
    this.#offsets = offsets;
  }
}
