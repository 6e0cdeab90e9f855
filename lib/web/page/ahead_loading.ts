/**
 * Loads history before the user has scrolled to its end.
 *
 * @module
 */

import type { Pager } from "./pager.ts";
import type { RowLayout } from "./row_layout.ts";

/** History is loaded when the loaded part ends within this many screens. */
const AHEAD_SCREENS = 2;
/** Pages loaded without any scrolling. A part of a room in which little is shown is not loaded on. */
const MAX_PAGES_AT_REST = 10;

export class AheadLoading {
  readonly #layout: RowLayout;
  /** Pages loaded since the user last scrolled or went to an event. */
  #pagesAtRest = 0;

  constructor(layout: RowLayout) {
    this.#layout = layout;
  }

  /** The user has scrolled, or gone to an event. */
  moved(): void {
    this.#pagesAtRest = 0;
  }

  /** Loads a page if the viewport, `height` pixels from `scrollTop` on, is near the end of one. */
  load(pager: Pager, scrollTop: number, height: number): void {
    const ahead = height * AHEAD_SCREENS;
    const { above, loaded } = this.#layout;
    const bottom = scrollTop + height;
    const isInside = bottom >= above && scrollTop <= above + loaded;
    if (!isInside || this.#pagesAtRest >= MAX_PAGES_AT_REST) return;
    const isLoading = scrollTop - above < ahead
      ? pager.older()
      : above + loaded - bottom < ahead && pager.newer();
    if (isLoading) this.#pagesAtRest++;
  }
}
