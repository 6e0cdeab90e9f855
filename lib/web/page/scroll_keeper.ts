/**
 * Keeps what one reads where it is while the list around it grows, is measured, or is cut: the
 * decisions, without the elements.
 *
 * What is not loaded has space above and below that is as high as it is likely to be. As long as
 * that space can give or take, nothing has to be scrolled: scrolling for the reader would break off
 * a finger's swing, and fight with whoever holds the scroll bar.
 *
 * @module
 */

import type { Anchor, RowLayout } from "./row_layout.ts";
import type { Timeline } from "./timeline.ts";

/** Guessed height of what has not been loaded, per event, until anything has been measured. */
const GUESS_PX = 22;
/** Browsers draw nothing below some 16 million pixels. */
const HIGHEST_PX = 6_000_000;
/** Left free below the last row. */
const FOOT_PX = 8;
/** How near to the end counts as being there. */
const AT_END_PX = 12;

export class ScrollKeeper {
  readonly layout: RowLayout;
  /** Whether the end of the list is to stay on the screen. */
  isPinned = true;
  #anchor: Anchor | undefined;

  constructor(layout: RowLayout) {
    this.layout = layout;
  }

  /** The list was scrolled, by a person or by us: what is at the top now stays there. */
  scrolled(scrollTop: number, viewport: number, isAtEnd: boolean): void {
    this.#anchor = this.layout.anchorAt(scrollTop);
    this.isPinned = isAtEnd && this.#isEndSeen(scrollTop, viewport);
  }

  /** Holds on to row number `index`, `y` below the top of what is seen. */
  hold(index: number, y: number): void {
    this.isPinned = false;
    this.#anchor = this.layout.anchorTo(index, y);
  }

  /** Nothing changes any more: whoever sees the end now wants to go on seeing it. */
  rest(scrollTop: number, viewport: number, isAtEnd: boolean): void {
    if (isAtEnd && this.#isEndSeen(scrollTop, viewport)) this.isPinned = true;
  }

  /** The end of the list is to stay on the screen from now on. */
  pin(): void {
    this.isPinned = true;
  }

  /**
   * After rows or heights have changed: sets the space above and below, and returns where the list
   * has to be scrolled to, for what is seen to stay where it is.
   */
  settle(timeline: Timeline, scrollTop: number, viewport: number): number {
    const { layout } = this;
    const guess = this.#guess(timeline);
    layout.below = guess.below;
    if (this.isPinned && !timeline.isAtEnd) this.#holdLast(viewport);
    const index = this.#anchor && !this.isPinned ? layout.indexOf(this.#anchor) : -1;
    if (index === -1) {
      if (isFarFrom(layout.above, guess.above)) layout.above = guess.above;
      return this.isPinned ? Math.max(0, layout.total - viewport) : scrollTop;
    }
    const { y } = this.#anchor!;
    // The space above gives or takes what has changed above the anchor.
    const wanted = scrollTop + y - (layout.top(index) - layout.above);
    const least = timeline.isAtStart ? 0 : Math.min(guess.above, viewport);
    layout.above = wanted >= least ? wanted : guess.above;
    const position = this.#withinEnds(timeline, layout.top(index) - y, viewport);
    this.#anchor = layout.anchorTo(index, layout.top(index) - position);
    return position;
  }

  /** Where a scroll bar that was let go at `scrollTop` points to, if nothing is loaded there. */
  seqAt(timeline: Timeline, scrollTop: number, viewport: number): number | undefined {
    const { layout } = this;
    const middle = scrollTop + viewport / 2;
    if (scrollTop + viewport < layout.above && !timeline.isAtStart) {
      const { after: first } = timeline.limits;
      const share = layout.above === 0 ? 0 : Math.max(0, scrollTop) / layout.above;
      return Math.max(1, Math.round(first + share * (timeline.after - first)));
    }
    const end = layout.above + layout.loaded;
    if (scrollTop > end && !timeline.isAtEnd) {
      const share = (middle - end) / Math.max(1, layout.below);
      const { before, lastSeq } = timeline;
      return Math.min(lastSeq, Math.round(before + share * (lastSeq - before)));
    }
    return undefined;
  }

  /** More has come than was loaded: what was the end stays where it was. */
  #holdLast(viewport: number): void {
    const last = this.layout.rows.length - 1;
    const { above, loaded } = this.layout;
    if (last !== -1) this.hold(last, viewport - (above + loaded - this.layout.top(last)));
  }

  #isEndSeen(scrollTop: number, viewport: number): boolean {
    return scrollTop + viewport >= this.layout.total - AT_END_PX;
  }

  /** No space is left at an end beyond which there is nothing. */
  #withinEnds(timeline: Timeline, scrollTop: number, viewport: number): number {
    const { layout } = this;
    let position = scrollTop;
    if (timeline.isAtStart && position < layout.above) {
      position = Math.max(0, position - layout.above);
      layout.above = 0;
    }
    return Math.max(0, Math.min(position, layout.total - viewport));
  }

  #guess(timeline: Timeline): { readonly above: number; readonly below: number } {
    const { after, before, lastSeq, limits, isAtStart, isAtEnd } = timeline;
    const known = before - after - 1;
    const each = known > 0 && this.layout.loaded > 0 ? this.layout.loaded / known : GUESS_PX;
    const above = isAtStart ? 0 : (after - limits.after) * each;
    const below = isAtEnd ? FOOT_PX : (lastSeq - before + 1) * each;
    const scale = Math.min(1, HIGHEST_PX / (above + below + 1));
    return { above: above * scale, below: Math.max(FOOT_PX, below * scale) };
  }
}

/** Space that is only a little wrong is left as it is: the scroll bar would tremble. */
function isFarFrom(space: number, guess: number): boolean {
  return guess === 0 ? space !== 0 : space < guess / 2 || space > guess * 2;
}
