/**
 * Our own colours and styles, the only control sequences that are sent with text.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";

const RESET = "\x1b[0m";
// The six colours that are readable on both black and white.
const COLOURS = [31, 32, 33, 34, 35, 36];

/** For what nobody said. */
export function dim(text: string): string {
  return `\x1b[2m${text}${RESET}`;
}

export function bold(text: string): string {
  return `\x1b[1m${text}${RESET}`;
}

/** For errors. */
export function red(text: string): string {
  return `\x1b[31m${text}${RESET}`;
}

/** `text` in the colour of a name, which is always the same. */
export function coloured(text: string, name: string): string {
  let hash = 0;
  for (const character of nameKey(name)) hash = (hash * 31 + character.codePointAt(0)!) % 9973;
  return `\x1b[${COLOURS[hash % COLOURS.length]}m${text}${RESET}`;
}
