/**
 * The emoji of reactions.
 *
 * @module
 */

/** One emoji as Unicode recommends it, with a skin tone, of several joined ones, a flag. */
const EMOJI = /^\p{RGI_Emoji}$/v;
/** Asks for the colourful form of a character that has two. */
const VARIATION = "\ufe0f";

/** Names for those who cannot type emoji, as other chats have them. */
const NAMES: Readonly<Record<string, string>> = {
  "+1": "👍",
  "-1": "👎",
  thumbsup: "👍",
  thumbsdown: "👎",
  heart: "❤️",
  laugh: "😄",
  smile: "🙂",
  sad: "😢",
  tada: "🎉",
  eyes: "👀",
  rocket: "🚀",
  fire: "🔥",
  ok: "👌",
  check: "✅",
  x: "❌",
  question: "❓",
  wave: "👋",
  clap: "👏",
  thanks: "🙏",
};

/** The names that can be typed instead of an emoji. */
export const EMOJI_NAMES = Object.keys(NAMES);

/** The emoji that a text is or names (`+1`, `:tada:`); `undefined` if it is anything else. */
export function parseEmoji(text: string): string | undefined {
  const name = text.trim().replace(/^:(.+):$/, "$1").toLowerCase();
  if (Object.hasOwn(NAMES, name)) return NAMES[name];
  if (EMOJI.test(name)) return name;
  const colourful = name.replaceAll(VARIATION, "") + VARIATION;
  return EMOJI.test(colourful) ? colourful : undefined;
}
