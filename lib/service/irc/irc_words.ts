/**
 * Sentences of the chat in the words of IRC, where its commands have other names. `/nick`, `/join`,
 * `/list` and the like are the same.
 *
 * @module
 */

const WORDS: readonly (readonly [command: string, words: string])[] = [
  ["login and your name; the password is asked for", "msg NickServ IDENTIFY NAME PASSWORD"],
  ["login ([^\\s.,;]+(?:\\.[^\\s.,;]+)*)", "msg NickServ IDENTIFY $1 PASSWORD"],
  ["login", "msg NickServ IDENTIFY NAME PASSWORD"],
  ["register", "msg NickServ REGISTER PASSWORD"],
  ["password", "msg NickServ SET PASSWORD OLD NEW"],
  ["logout", "msg NickServ LOGOUT"],
  ["room register", "msg ChanServ REGISTER #CHANNEL"],
];
/** The commands where they stand alone, and are no part of an address. */
const PATTERNS = WORDS.map(([command, words]) =>
  [new RegExp(`(?<![^\\s(])/${command}(?![\\w/-])`, "g"), `/${words}`] as const
);

/** What to do, as people with an IRC client do it. */
export function inIrcWords(sentence: string): string {
  if (!sentence.includes("/")) return sentence;
  return PATTERNS.reduce((text, [pattern, words]) => text.replace(pattern, words), sentence);
}
