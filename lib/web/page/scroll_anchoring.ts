/**
 * Scroll anchoring: keeps the visible rows in place while the list around them grows, is measured or
 * is trimmed. It decides, and `message_list.tsx` does the scrolling.
 *
 * Space is reserved above and below for events that are not loaded. As long as a change can be taken
 * out of that space, nothing needs to be scrolled. Scrolling from code would stop a momentum scroll
 * and fight with a user who drags the scroll bar.
 *
 * @module
 */

import type { Anchor, RowLayout } from "./row_layout.ts";
import type { Timeline } from "./timeline.ts";

/** Estimated height of an event that is not loaded, until any has been measured. */
const ESTIMATE_PX = 22;
/** Browsers limit elements to about 16 million pixels. */
const MAX_HEIGHT_PX = 6_000_000;
/** Space below the last row. */
const FOOT_PX = 8;
/** A distance from the end that still counts as being at the end. */
const AT_END_PX = 12;

export class ScrollAnchoring {
  readonly layout: RowLayout;
  /** Whether the list follows its end. */
  isPinned = true;
  #anchor: Anchor | undefined;

  constructor(layout: RowLayout) {
    this.layout = layout;
  }

  /** Called after scrolling, by the user or by us: anchors the row at the top. */
  scrolled(scrollTop: number, viewport: number, isAtEnd: boolean): void {
    this.#anchor = this.layout.anchorAt(scrollTop);
    this.isPinned = isAtEnd && this.#isEndSeen(scrollTop, viewport);
  }

  /** Anchors row `index` at `y` pixels below the top of the viewport. */
  hold(index: number, y: number): void {
    this.isPinned = false;
    this.#anchor = this.layout.anchorTo(index, y);
  }

  /** Called when nothing is loading: follows the end from now on if it is visible. */
  rest(scrollTop: number, viewport: number, isAtEnd: boolean): void {
    if (isAtEnd && this.#isEndSeen(scrollTop, viewport)) this.isPinned = true;
  }

  /** Follows the end from now on. */
  pin(): void {
    this.isPinned = true;
  }

  /**
   * Called after rows or heights have changed: updates the reserved space, and returns the scroll
   * position that keeps the visible rows in place.
   */
  settle(timeline: Timeline, scrollTop: number, viewport: number): number {
    const { layout } = this;
    const estimate = this.#estimate(timeline);
    layout.below = estimate.below;
    if (this.isPinned && !timeline.isAtEnd) this.#holdLast(viewport);
    const index = this.#anchor && !this.isPinned ? layout.indexOf(this.#anchor) : -1;
    if (index === -1) {
      if (isFarFrom(layout.above, estimate.above)) layout.above = estimate.above;
      return this.isPinned ? Math.max(0, layout.total - viewport) : scrollTop;
    }
    const { y } = this.#anchor!;
    // Take changes above the anchor out of the space reserved above.
    const wanted = scrollTop + y - (layout.top(index) - layout.above);
    const least = timeline.isAtStart ? 0 : Math.min(estimate.above, viewport);
    layout.above = wanted >= least ? wanted : estimate.above;
    const position = this.#withinEnds(timeline, layout.top(index) - y, viewport);
    this.#anchor = layout.anchorTo(index, layout.top(index) - position);
    return position;
  }

  /** The event at `scrollTop` if that is in the reserved space; otherwise `undefined`. */
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

  /** Anchors the last row, because more events exist than are loaded. */
  #holdLast(viewport: number): void {
    const last = this.layout.rows.length - 1;
    const { above, loaded } = this.layout;
    if (last !== -1) this.hold(last, viewport - (above + loaded - this.layout.top(last)));
  }

  #isEndSeen(scrollTop: number, viewport: number): boolean {
    return scrollTop + viewport >= this.layout.total - AT_END_PX;
  }

  /** Removes reserved space at an end of the room. */
  #withinEnds(timeline: Timeline, scrollTop: number, viewport: number): number {
    const { layout } = this;
    let position = scrollTop;
    if (timeline.isAtStart && position < layout.above) {
      position = Math.max(0, position - layout.above);
      layout.above = 0;
    }
    return Math.max(0, Math.min(position, layout.total - viewport));
  }

  #estimate(timeline: Timeline): { readonly above: number; readonly below: number } {
    const { after, before, lastSeq, limits, isAtStart, isAtEnd } = timeline;
    const known = before - after - 1;
    const each = known > 0 && this.layout.loaded > 0 ? this.layout.loaded / known : ESTIMATE_PX;
    const above = isAtStart ? 0 : (after - limits.after) * each;
    const below = isAtEnd ? FOOT_PX : (lastSeq - before + 1) * each;
    const scale = Math.min(1, MAX_HEIGHT_PX / (above + below + 1));
    return { above: above * scale, below: Math.max(FOOT_PX, below * scale) };
  }
}

/** Whether reserved space is off by more than a factor of 2: small corrections make the bar jitter. */
function isFarFrom(space: number, estimate: number): boolean {
  return estimate === 0 ? space !== 0 : space < estimate / 2 || space > estimate * 2;
}
