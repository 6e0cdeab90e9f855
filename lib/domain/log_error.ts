/**
 * What may be wrong with the log, besides a full disk, when nothing can be stored.
 *
 * @module
 */

import { DomainError } from "./domain_error.ts";

/** What was committed is no longer where it was, and nothing more is. */
export class LogLostError extends DomainError {
  constructor() {
    super(
      "unavailable",
      "The server's log file was removed or replaced, so nothing is kept. " +
        "Tell whoever runs the server.",
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
