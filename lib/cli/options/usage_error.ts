/**
 * The error for wrong usage, and the parts of its sentences: where the wrong value came from, and
 * what the person may have meant.
 *
 * @module
 */

import { closestString } from "@std/text/closest-string";
import { levenshteinDistance } from "@std/text/levenshtein-distance";

/** Wrong usage. The message is one sentence for the person who typed the command. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** The exit code of the process. */
  readonly exitCode = 2;
  /** The source of the wrong value, if it is about one. */
  readonly origin?: Origin;

  constructor(message: string, { origin, ...options }: ErrorOptions & { origin?: Origin } = {}) {
    super(message, options);
    this.origin = origin;
  }
}

/** The source of a value. */
export interface Origin {
  /** The name that the person used: `--listen`, `PARTYLINE_LISTEN`, or the key `listen`. */
  readonly label: string;
  /** For values from the file: its name and, if known, the line: `partyline.toml:3`. */
  readonly place?: string;
}

/** An error about `origin`. For a value from the file it begins with the place, like a compiler. */
export function complain(origin: Origin, sentence: string): UsageError {
  const { place } = origin;
  return new UsageError(
    place === undefined ? sentence : `${place}: ${sentence[0].toLowerCase()}${sentence.slice(1)}`,
    { origin },
  );
}

/**
 * The error for an invalid value.
 *
 * @param written The value as written in its source, with quotes if the source has them.
 * @param advice What to use instead.
 */
export function cannotParse(origin: Origin, written: string, advice: string): UsageError {
  const equals = origin.place === undefined ? "" : "= ";
  return complain(origin, `Cannot parse ${origin.label} ${equals}${written}: ${advice}`);
}

/** The known word closest to `word`; `undefined` if none is close. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const guess = closestString(word, known);
  // One typo for every three letters, three at most: a wild guess is worse than none.
  const tolerated = Math.min(3, Math.ceil(word.length / 3));
  return levenshteinDistance(word.toLowerCase(), guess.toLowerCase()) <= tolerated
    ? guess
    : undefined;
}

/**
 * The end of a sentence about an unknown word: `: did you mean --listen?`, or nothing.
 *
 * @param show Formats the known word for the sentence.
 */
export function didYouMean(
  word: string,
  known: readonly string[],
  show: (guess: string) => string,
): string {
  const guess = nearest(word, known);
  return guess === undefined ? "" : `: did you mean ${show(guess)}?`;
}

/** Joins words with commas and "or": `debug, info or error`. */
export function oneOf(words: readonly string[]): string {
  return words.join(", ").replace(/, ([^,]*)$/, " or $1");
}
