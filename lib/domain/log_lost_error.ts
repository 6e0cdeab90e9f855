/**
 * The worst that can happen to a log: its file is gone while the server writes it.
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

/** Why drafts were refused, as it stands in a sentence: `the server's ${whyRefused(reason)}`. */
export function whyRefused(reason: unknown): string {
  return reason instanceof LogLostError ? "log file is gone" : "disk may be full";
}
