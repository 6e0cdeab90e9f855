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
  /** What the process ends with. */
  readonly exitCode = 2;
}

/** The source of one value. */
export interface Origin {
  /** What the person wrote the value under: `--listen`, `PARTYLINE_LISTEN`, or the key `listen`. */
  readonly label: string;
  /** The file and, where known, the line: `partyline.toml:3`. Only for values from the file. */
  readonly place?: string;
}

/** An error about `origin`. In the file it begins with the place, as compilers do it. */
export function complain({ place }: Origin, sentence: string): UsageError {
  return new UsageError(
    place === undefined ? sentence : `${place}: ${sentence[0].toLowerCase()}${sentence.slice(1)}`,
  );
}

/**
 * The error for a value that cannot be used.
 *
 * @param written The value as its source shows it, quoted where the source quotes it.
 * @param advice What to write instead.
 */
export function cannotParse(origin: Origin, written: string, advice: string): UsageError {
  const equals = origin.place === undefined ? "" : "= ";
  return complain(origin, `Cannot parse ${origin.label} ${equals}${written}: ${advice}`);
}

/** The known word that `word` most likely stands for, or none where nothing is close. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const guess = closestString(word, known);
  // One slip for every three letters, three at most: a wild guess is worse than none.
  const tolerated = Math.min(3, Math.ceil(word.length / 3));
  return levenshteinDistance(word.toLowerCase(), guess.toLowerCase()) <= tolerated
    ? guess
    : undefined;
}

/**
 * The tail of a sentence about an unknown word: `: did you mean --listen?`, or nothing.
 *
 * @param show How the known word is written in the sentence.
 */
export function didYouMean(
  word: string,
  known: readonly string[],
  show: (guess: string) => string,
): string {
  const guess = nearest(word, known);
  return guess === undefined ? "" : `: did you mean ${show(guess)}?`;
}

/** The words there are, as a person would say them: `debug, info or error`. */
export function oneOf(words: readonly string[]): string {
  return words.join(", ").replace(/, ([^,]*)$/, " or $1");
}
