/**
 * Where a value came from, so that a complaint about it points at what the person can change.
 *
 * @module
 */

import { UsageError } from "./usage_error.ts";

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
