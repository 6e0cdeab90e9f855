/**
 * Keyboard shortcuts of the page, and moving through the list of messages with the arrow keys.
 *
 * @module
 */

import type { App } from "./app.ts";
import type { MessageView } from "./message_view.ts";

/** The rows are reached with the arrow keys, not with Tab, which would take forever. */
const FOCUSABLE = ":scope > [tabindex], :scope > .fold button";
/** What Tab reaches in a row. */
const STOPS = "article :is(a:not(.seq), button), .fold button";

/** Handles a shortcut that works wherever the focus is; returns whether the key was one. */
export function handlePageKey(app: App, event: KeyboardEvent): boolean {
  // Dialogs handle keys themselves.
  if (
    app.client.status.type === "ended" || app.overlays.dialog || app.overlays.measure ||
    app.overlays.menu ||
    event.defaultPrevented
  ) return false;
  if (isComposing(event)) return false;
  const { key, altKey, ctrlKey, metaKey } = event;
  if (altKey && (key === "ArrowUp" || key === "ArrowDown")) {
    app.navigator.step(key === "ArrowUp" ? -1 : 1);
    return true;
  }
  // On a Mac, Alt+U is an accent, so the key is known by its place.
  if (altKey && !ctrlKey && !metaKey && event.code === "KeyU") {
    void app.places.view?.goToUnread();
    return true;
  }
  if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === "k") {
    app.navigator.openSearch(app.search.query);
    return true;
  }
  if (key === "Escape") return escape(app);
  return false;
}

/** Closes the drawer or the search; otherwise focuses the message field, then jumps to the end. */
function escape(app: App): boolean {
  const { view } = app.places;
  if (app.overlays.drawer) app.overlays.setDrawer(undefined);
  else if (app.navigator.isSearchOpen) app.navigator.closeSearch();
  else if (document.activeElement?.id !== "message") document.getElementById("message")?.focus();
  else if (view && !view.isAtBottom) void view.goToNewest();
  else return false;
  return true;
}

/** Whether an event is a key without modifiers. */
export function isPlainKey(event: KeyboardEvent, key: string): boolean {
  return event.key === key && !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
}

/**
 * Whether a key belongs to an input method, which composes characters from several keys. Safari says
 * so only by the key code in the event of the key that ends the composition.
 */
export function isComposing({ isComposing, keyCode }: KeyboardEvent): boolean {
  return isComposing || keyCode === 229;
}

/** Moves the focus between the children of `rows`; returns whether the key did so. */
export function moveRowFocus(event: KeyboardEvent, rows: HTMLElement): boolean {
  if (event.altKey || event.ctrlKey || event.metaKey) return false;
  const { activeElement } = document;
  const all = [...rows.querySelectorAll<HTMLElement>(FOCUSABLE)];
  const current = all.findIndex((row) => row === activeElement);
  if (event.key === "Enter" && current !== -1 && event.target === all[current]) {
    const link = all[current].querySelector<HTMLElement>("a.seq");
    link?.click();
    return link !== null;
  }
  if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    const opener = all[current]?.querySelector<HTMLElement>("button.opener");
    const isOpen = opener?.getAttribute("aria-expanded") === "true";
    if (opener && isOpen === (event.key === "ArrowLeft")) opener.click();
    return opener !== undefined && opener !== null;
  }
  const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
  if (step === 0) return false;
  const from = all.findIndex((row) => row.contains(activeElement));
  const next = from === -1 ? lastVisible(all, rows) : all[from + step];
  if (!next) return false;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}

/** Handles a key in a log: p pauses, w wraps lines, f goes to the filters. */
export function handleLogKey(app: App, view: MessageView, event: KeyboardEvent): boolean {
  if (isPlainKey(event, "p")) {
    if (view.pausedAt === undefined) view.pause();
    else void view.goToNewest();
  } else if (isPlainKey(event, "w")) {
    app.prefer({ areLinesWrapped: !app.preferences.areLinesWrapped });
  } else if (isPlainKey(event, "f")) {
    document.querySelector<HTMLElement>(".log-bar select")?.focus();
  } else return false;
  return true;
}

/**
 * Lets Tab reach the buttons and links of the focused row, and of no other. Numbers are left out:
 * Enter on the row opens them.
 */
export function markFocusedRow(rows: HTMLElement): void {
  const row = document.activeElement?.closest("article, .fold");
  for (const stop of rows.querySelectorAll<HTMLElement>(STOPS)) {
    const index = row?.contains(stop) ? 0 : -1;
    if (stop.tabIndex !== index) stop.tabIndex = index;
  }
}

/** Moves the focus between the search field and the results; returns whether the key did so. */
export function moveHitFocus(event: KeyboardEvent, panel: HTMLElement): boolean {
  const step = isPlainKey(event, "ArrowUp") ? -1 : isPlainKey(event, "ArrowDown") ? 1 : 0;
  const stops = [...panel.querySelectorAll<HTMLElement>("[type=search], .where a")];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  if (step === 0 || at === -1) return false;
  stops[at + step]?.focus();
  return true;
}

/** The last row that is completely visible. */
function lastVisible(all: readonly HTMLElement[], rows: HTMLElement): HTMLElement | undefined {
  const scroller = rows.closest("[role=region]")!.getBoundingClientRect();
  return all.findLast((row) => row.getBoundingClientRect().bottom <= scroller.bottom + 1) ??
    all.at(-1);
}
