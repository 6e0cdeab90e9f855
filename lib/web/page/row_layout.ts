/**
 * Where each row of a long list is, when only those on the screen are really there: measured
 * heights where they are known, guesses where they are not, and space above and below for what has
 * not been loaded.
 *
 * @module
 */

import type { Row } from "./row.ts";

/** A row, and how far below the top of what is seen it begins (negative: above it), in pixels. */
export interface Anchor {
  readonly key: string;
  readonly seq: number;
  readonly y: number;
}

/** Guesses in pixels, until a row has been measured. */
const GUESSES: Readonly<Record<Row["kind"], number>> = {
  start: 72,
  day: 40,
  news: 24,
  message: 22,
  fold: 28,
  hole: 24,
  comings: 22,
  note: 22,
  unsent: 22,
};

/** Heights remembered of rows that may come back. */
const MOST_SPARE_HEIGHTS = 2000;

export class RowLayout {
  rows: readonly Row[] = [];
  /** Space in pixels for what has not been loaded. */
  above = 0;
  below = 0;
  readonly #heights = new Map<string, number>();
  /** Where each row begins below the first, and where the last one ends. */
  #offsets: number[] = [0];

  /** The height of everything. */
  get total(): number {
    return this.above + this.loaded + this.below;
  }

  /** The height of the rows. */
  get loaded(): number {
    return this.#offsets[this.#offsets.length - 1];
  }

  setRows(rows: readonly Row[]): void {
    this.rows = rows;
    this.#prune();
    this.#place();
  }

  /** Takes the heights of rows on the screen; returns whether any was another before. */
  measure(heights: ReadonlyMap<string, number>): boolean {
    let isNews = false;
    for (const [key, height] of heights) {
      if (this.#heights.get(key) === height) continue;
      this.#heights.set(key, height);
      isNews = true;
    }
    if (isNews) this.#place();
    return isNews;
  }

  /** The list has another width now: what was measured is no better than a guess. */
  forgetHeights(): void {
    this.#heights.clear();
    this.#place();
  }

  /** Where row number `index` begins. */
  top(index: number): number {
    return this.above + this.#offsets[index];
  }

  /** The row at `y`; the nearest one if there is none. -1 if there are no rows. */
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

  /** The rows from `top` to `bottom`: the first one, and the one after the last. */
  rangeOf(top: number, bottom: number): readonly [start: number, end: number] {
    if (this.rows.length === 0) return [0, 0];
    return [this.indexAt(top), this.indexAt(bottom) + 1];
  }

  /** The row at the top of what is seen, to hold on to. */
  anchorAt(scrollTop: number): Anchor | undefined {
    const index = this.indexAt(scrollTop);
    return index === -1 ? undefined : this.anchorTo(index, this.top(index) - scrollTop);
  }

  anchorTo(index: number, y: number): Anchor {
    const { key, firstSeq } = this.rows[index];
    return { key, seq: firstSeq, y };
  }

  /** The row that an anchor means; if it is gone, the one in its place. */
  indexOf({ key, seq }: Anchor): number {
    const index = this.rows.findIndex((row) => row.key === key);
    return index === -1 ? this.indexOfSeq(seq) : index;
  }

  /** The row that stands for event `seq`, or the last one before it. -1 if there are no rows. */
  indexOfSeq(seq: number): number {
    const after = this.rows.findIndex((row) => row.lastSeq >= seq);
    return after === -1 ? this.rows.length - 1 : after;
  }

  /** Forgets rows that are gone, when there are many of them. */
  #prune(): void {
    if (this.#heights.size < 4 * this.rows.length + MOST_SPARE_HEIGHTS) return;
    const keys = new Set(this.rows.map(({ key }) => key));
    for (const key of this.#heights.keys()) if (!keys.has(key)) this.#heights.delete(key);
  }

  #place(): void {
    const offsets = [0];
    let offset = 0;
    for (const row of this.rows) {
      offset += this.#heights.get(row.key) ?? GUESSES[row.kind];
      offsets.push(offset);
    }
    this.#offsets = offsets;
  }
}
