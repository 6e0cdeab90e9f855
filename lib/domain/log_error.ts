/**
 * Errors of the log that keep it from storing anything, apart from a full disk.
 *
 * @module
 */

import { DomainError } from "./domain_error.ts";

/** The file of the log is no longer in its place, so nothing can be committed. */
export class LogLostError extends DomainError {
  constructor() {
    super(
      "unavailable",
      "The server's log file was removed or replaced, so nothing is kept. " +
        "Tell the person who runs the server.",
    );
  }
}

/** Something in the log cannot be read, or makes no sense. */
export class LogDamagedError extends Error {
  override readonly name = "LogDamagedError";
}

/** Why drafts were refused, as it stands in a sentence: `the server's ${whyRefused(reason)}`. */
export function whyRefused(reason: unknown): string {
  if (reason instanceof LogLostError) return "log file is gone";
  return reason instanceof LogDamagedError ? "log is damaged" : "disk may be full";
}
