/**
 * Names of emoji, for people whose keyboards have none.
 *
 * @module
 */

/** The names that other chat programs use, without colons. */
export const EMOJI_BY_NAME: Readonly<Record<string, string>> = {
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
