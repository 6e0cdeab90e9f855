/**
 * Keys that work wherever the focus is.
 *
 * @module
 */

import type { App } from "./app.ts";

/** Does what the key says; returns whether it said anything. */
export function onPageKey(app: App, event: KeyboardEvent): boolean {
  // Dialogs have keys of their own.
  if (app.client.status.type === "ended" || app.dialog || event.defaultPrevented) return false;
  const { key, altKey, ctrlKey, metaKey } = event;
  if (altKey && (key === "ArrowUp" || key === "ArrowDown")) {
    app.navigator.step(key === "ArrowUp" ? -1 : 1);
    return true;
  }
  if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === "k") {
    app.navigator.openSearch(app.search.query);
    return true;
  }
  if (key === "Escape") return escape(app);
  return false;
}

/** Closes what is open; with nothing open, goes back to where one writes, and to the newest. */
function escape(app: App): boolean {
  const { view } = app.places;
  if (app.drawer) app.draw(undefined);
  else if (app.navigator.isSearchOpen) app.navigator.closeSearch();
  else if (document.activeElement?.id !== "message") document.getElementById("message")?.focus();
  else if (view && !view.isAtBottom) void view.goToNewest();
  else return false;
  return true;
}
