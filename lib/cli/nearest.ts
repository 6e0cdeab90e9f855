/**
 * The known words in a sentence about a wrong one: which was meant, or else which there are.
 *
 * @module
 */

import { closestString } from "@std/text/closest-string";
import { levenshteinDistance } from "@std/text/levenshtein-distance";

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
