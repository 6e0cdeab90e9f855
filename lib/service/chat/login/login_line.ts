/**
 * Lines that hold a password because somebody meant to log in. They are never said to others, and
 * nothing of them is kept.
 *
 * @module
 */

import { isBlock, linesOf } from "../../../domain/text/block.ts";

const WORDS = "log-?[io]n|sign-?in|register|passw(?:or)?d|identify|auth|oper";
/** What separates words here; `/login:NAME:PASSWORD` is one, too. */
const GAP = "[\\s:=,]";
/** Blanks, and characters that nobody sees. */
const LEAD = "[\\s\\p{Cf}]*";

/** `/login` and the like at the beginning of a line; but not of a path, such as `/login/form`. */
const AS_COMMAND = new RegExp(`^${LEAD}[/\\\\]+\\s*(?:${WORDS})(?![\\p{L}\\p{N}/._-])`, "iu");
const FOR_NICKSERV = new RegExp(
  `^${LEAD}(?:/*(?:msg\\s+)?nickserv|/+\\s*(?:(?:quote|raw)\\s+)?(?:ns|nickserv))${GAP}+\\S`,
  "iu",
);
/** `login NAME PASSWORD`, without a slash. */
const AS_WORDS = new RegExp(`^${LEAD}(?:${WORDS})${GAP}+([^\\s:=,]+)${GAP}+\\S+\\s*$`, "iu");
/** A command with its password. */
const WITH_PASSWORD = new RegExp(
  `^${LEAD}[/\\\\]+\\s*(?:log-?[io]n(?:[:=,]+\\S|${GAP}+[^\\s:=,]+${GAP}+\\S)|` +
    `(?:${WORDS})(?<!log-?[io]n)${GAP}+\\S)`,
  "iu",
);

/**
 * Whether a text looks like a log-in, possibly in one of its lines.
 *
 * @param isName Whether a word after `login` shows that a log-in is meant: it is a person's name, or
 * there was no conversation yet.
 */
export function looksLikeLogin(text: string, isName: (word: string) => boolean): boolean {
  if (isBlock(text)) {
    return linesOf(text).some((line) => looksLikeLogin(line, isName));
  }
  if (AS_COMMAND.test(text) || FOR_NICKSERV.test(text)) return true;
  const words = AS_WORDS.exec(text);
  return words !== null && isName(words[1]);
}

/** Whether a line that is being typed holds a password. */
export function holdsPassword(line: string, isName: (word: string) => boolean): boolean {
  if (WITH_PASSWORD.test(line)) return true;
  return !AS_COMMAND.test(line) && looksLikeLogin(line, isName);
}
