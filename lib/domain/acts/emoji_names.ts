/**
 * Names of emoji, for those who cannot type them.
 *
 * @module
 */

/** As other chats have them. */
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
