/**
 * Notes in a view which part of it can be seen: whether its end can, and whether the first unread
 * message is above.
 *
 * @module
 */

import type { MessageView } from "./message_view.ts";
import type { RowLayout } from "./row_layout.ts";

/** The viewport of a list. */
export interface Viewport {
  /** Pixels above it. */
  readonly scrollTop: number;
  /** In pixels. */
  readonly height: number;
  /** Whether it follows the end of the list. */
  readonly isPinned: boolean;
}

/** @returns Whether the page has to show that something has changed. */
export function noteVisiblePart(view: MessageView, layout: RowLayout, viewport: Viewport): boolean {
  const isUnreadAbove = noteUnread(view, layout, viewport);
  const { isPinned } = viewport;
  if (view.isAtBottom === isPinned && view.isUnreadAbove === isUnreadAbove) return false;
  view.isAtBottom = isPinned;
  view.isUnreadAbove = isUnreadAbove;
  return true;
}

/** Returns whether the first unread message is above; if it can be seen, none is unread. */
function noteUnread(view: MessageView, layout: RowLayout, viewport: Viewport): boolean {
  const { readTo, timeline } = view;
  if (readTo === undefined || view.unread === 0) return false;
  const { scrollTop, height } = viewport;
  const isLoaded = readTo >= timeline.after;
  const top = isLoaded ? layout.top(layout.indexOfSeq(readTo + 1)) : -1;
  if (top < scrollTop) return true;
  if (top < scrollTop + height) view.unread = 0;
  return false;
}
