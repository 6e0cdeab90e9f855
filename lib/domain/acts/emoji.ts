/**
 * The emoji of reactions.
 *
 * @module
 */

import { EMOJI_BY_NAME } from "./emoji_names.ts";

/** One emoji as Unicode recommends it, with a skin tone, of several joined ones, a flag. */
const EMOJI = /^\p{RGI_Emoji}$/v;
/** Asks for the colourful form of a character that has two. */
const VARIATION = "\ufe0f";

/** The emoji that a text is or names (`+1`, `:tada:`); `undefined` if it is anything else. */
export function parseEmoji(text: string): string | undefined {
  const name = text.trim().replace(/^:(.+):$/, "$1").toLowerCase();
  if (Object.hasOwn(EMOJI_BY_NAME, name)) return EMOJI_BY_NAME[name];
  if (EMOJI.test(name)) return name;
  const colourful = name.replaceAll(VARIATION, "") + VARIATION;
  return EMOJI.test(colourful) ? colourful : undefined;
}
