/**
 * The one error that means "you called it wrongly": a bad flag, variable or configuration file.
 * `main` prints its sentence and the usage line.
 *
 * @module
 */

/** Wrong usage. The message is one sentence for the person who typed the command. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** What the process ends with. */
  readonly exitCode = 2;
}
