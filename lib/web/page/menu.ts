/**
 * Menus that open from a button.
 *
 * @module
 */

export interface MenuItem {
  readonly label: string;
  /** Shown instead of the label; such items stand side by side. */
  readonly short?: string;
  run(): void;
}

/** The open menu. */
export interface OpenMenu {
  /** Whose menu it is. */
  readonly label: string;
  /** The button that opened it, for the component. */
  readonly anchor: unknown;
  /** Whether the button is in the sidebar. @default {false} */
  readonly isInSidebar?: boolean;
  /** The items now; more may come while the menu is open. */
  items(): readonly MenuItem[];
}

/** Index of the item to move to with a key; `undefined` if the key does not move. */
export function itemForKey(
  key: string,
  at: number,
  labels: readonly string[],
): number | undefined {
  const count = labels.length;
  switch (key) {
    case "ArrowDown":
    case "ArrowRight":
      return (at + 1) % count;
    case "ArrowUp":
    case "ArrowLeft":
      return (at - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
  }
  if ([...key].length !== 1 || key === " ") return undefined;
  // The next item that begins with the letter, wrapping around.
  for (let step = 1; step <= count; step++) {
    const index = (at + step) % count;
    if (labels[index].toLowerCase().startsWith(key.toLowerCase())) return index;
  }
  return undefined;
}
