/**
 * Going through a list by arrow keys. The rows are not in the order of Tab, which would be endless.
 *
 * @module
 */

const FOCUSABLE = ":scope > [tabindex], :scope > .fold button";

/** Moves the focus between the children of `rows`, if the key says so; returns whether it did. */
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
  const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
  if (step === 0) return false;
  const next = current === -1 ? lastSeen(all, rows) : all[current + step];
  if (!next) return false;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}

/** The last one that is on the screen as a whole. */
function lastSeen(all: readonly HTMLElement[], rows: HTMLElement): HTMLElement | undefined {
  const scroller = rows.closest("[role=region]")!.getBoundingClientRect();
  return all.findLast((row) => row.getBoundingClientRect().bottom <= scroller.bottom + 1) ??
    all.at(-1);
}
