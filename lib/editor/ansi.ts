/**
 * The control sequences of ECMA-48 that every cursor-addressable terminal understands.
 *
 * @module
 */

export const ERASE_RIGHT = "\x1b[K";
export const ERASE_BELOW = "\x1b[J";
export const ERASE_ALL = "\x1b[H\x1b[2J";
export const BOLD = "\x1b[1m";
export const REVERSE = "\x1b[7m";
export const RESET = "\x1b[0m";

/** Moves left by a negative number of columns, right by a positive one. */
export function horizontal(columns: number): string {
  if (columns === -1) return "\b";
  return columns < 0 ? `\x1b[${-columns}D` : right(columns);
}

export function right(columns: number): string {
  return columns > 0 ? `\x1b[${columns}C` : "";
}

export function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : "";
}

export function down(rows: number): string {
  return rows > 0 ? `\x1b[${rows}B` : "";
}

/** Shows xterm's second screen; the cursor's place on the first one is kept. */
export const SECOND_SCREEN = "\x1b[?1049h";
/** Returns to the first screen, which is as it was. */
export const FIRST_SCREEN = "\x1b[?1049l";
/** Starts a new row below everything, wherever the cursor was. */
export const NEW_ROW_BELOW = "\x1b[999;1H\r\n";
