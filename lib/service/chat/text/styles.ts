/**
 * Our own colours and styles, the only control sequences that are sent with text.
 *
 * @module
 */

import { nameKey } from "../../../domain/name.ts";
import type { Level } from "../../../level.ts";

const RESET = "\x1b[0m";
// The colours that are readable on both black and white, without red, which means that something is
// wrong.
const COLOURS = [32, 33, 34, 35, 36];
const RED = "31";
const LEVEL_STYLES: Readonly<Record<Level, string>> = {
  emerg: `1;${RED}`,
  alert: `1;${RED}`,
  crit: `1;${RED}`,
  err: RED,
  warning: "33",
  notice: "",
  info: "",
  debug: "2",
};

/** For what nobody said. */
export function dim(text: string): string {
  return `\x1b[2m${text}${RESET}`;
}

export function bold(text: string): string {
  return `\x1b[1m${text}${RESET}`;
}

/** For errors. */
export function red(text: string): string {
  return `\x1b[${RED}m${text}${RESET}`;
}

/** The text of a log line of this level; unchanged without one, unless it is in bold. */
export function levelled(text: string, level: Level | undefined, isBold = false): string {
  const own = level === undefined ? "" : LEVEL_STYLES[level];
  const style = isBold
    ? ["1", own.replace(/^1;/, "")].filter((code) => code !== "").join(";")
    : own;
  return style === "" || text === "" ? text : `\x1b[${style}m${text}${RESET}`;
}

/** `text` in the colour of a name, which is always the same. */
export function coloured(text: string, name: string): string {
  let hash = 0;
  for (const character of nameKey(name)) hash = (hash * 31 + character.codePointAt(0)!) % 9973;
  return `\x1b[${COLOURS[hash % COLOURS.length]}m${text}${RESET}`;
}
