/**
 * The level in a plain log line: a word at its beginning, after a time, in a `level=` pair, or the
 * letter in klog's header.
 *
 * @module
 */

import { type Level, levelOf } from "../level.ts";
import { levelOfName } from "./record_level.ts";

/** Characters of a line that are looked at: a level stands near the beginning. */
const MOST_CHARACTERS = 256;
/** The same after a time, where an ordinary sentence may contain such a word too. */
const MOST_BEHIND_TIME = 96;

const WORDS = "emerg(?:ency)?|panic|alert|crit(?:ical)?|fatal|severe|err(?:or)?|warn(?:ing)?|" +
  "notice|info(?:rmation)?|debug|trace";
/** `[error] x`, `<warn> x`, and Apache's `[core:error]`. */
const BRACKETED = `[[(<](?:\\w{1,32}:)?(${WORDS}|${WORDS.toUpperCase()}|[A-Z][a-z]{3,10})[\\])>]`;
/** In capitals a word needs no punctuation: `ERROR x`. */
const CAPITALS = `(${WORDS.toUpperCase()})(?![\\w-])`;
const AT_START = new RegExp(`^(?:${BRACKETED}|${CAPITALS})`);
const WITH_COLON = new RegExp(`^(${WORDS}):(?= |$)`, "i");
const BEHIND_TIME = new RegExp(`${BRACKETED}|(?<![\\w-])${CAPITALS}`);
const BEGINS_WITH_TIME = /^\[?(?:\d{2,4}[-/:]\d\d|[A-Z][a-z]{2} [A-Z ])/;
/** `E0204 12:34:56.789012    1234 file.go:12] text` */
const KLOG = /^([IWEF])\d{4} \d\d:\d\d:\d\d\.\d{6} +\d+ [^\]\s]+:\d+\]/;
const KLOG_LEVELS: Readonly<Record<string, Level>> = {
  I: "info",
  W: "warning",
  E: "err",
  F: "crit",
};
/** A pair of logfmt, quoted or not. */
const PAIR = /(?:^|\s)(?:level|lvl|severity)="?([A-Za-z]{3,13}(?:[+-]\d{1,3})?)"?(?=\s|$)/;

/** The level of a line; `undefined` if it has none. */
export function levelOfLine(line: string): Level | undefined {
  const start = line.length > MOST_CHARACTERS ? line.slice(0, MOST_CHARACTERS) : line;
  const word = wordAtStart(start) ?? wordBehindTime(start);
  const level = word === undefined ? undefined : levelOf(word);
  return level ?? levelOfKlog(start) ?? levelOfPair(start);
}

function wordAtStart(start: string): string | undefined {
  const code = start.charCodeAt(0);
  const isLetter = code >= 0x41 && code <= 0x7a;
  const match = isLetter || code === 0x28 || code === 0x3c ? AT_START.exec(start) : null;
  if (match) return match.slice(1).find(Boolean);
  const colon = isLetter ? start.indexOf(":") : -1;
  return colon >= 3 && colon <= 11 ? WITH_COLON.exec(start)?.[1] : undefined;
}

function wordBehindTime(start: string): string | undefined {
  if (!BEGINS_WITH_TIME.test(start)) return undefined;
  return BEHIND_TIME.exec(start.slice(0, MOST_BEHIND_TIME))?.slice(1).find(Boolean);
}

function levelOfKlog(start: string): Level | undefined {
  const [, letter] = start[4] === " " || start[5] === " " ? KLOG.exec(start) ?? [] : [];
  return letter === undefined ? undefined : KLOG_LEVELS[letter];
}

function levelOfPair(start: string): Level | undefined {
  // A single character is found many times faster than two.
  if (!start.includes("=")) return undefined;
  if (!start.includes("l=") && !start.includes("y=")) return undefined;
  const [, name] = PAIR.exec(start) ?? [];
  return name === undefined ? undefined : levelOfName(name);
}
