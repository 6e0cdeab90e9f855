/**
 * An exception that nobody has caught: a defect of the program. What has come is still handled, and
 * then the program ends, because nobody knows what the exception has left undone.
 *
 * @module
 */

import { log } from "../log.ts";
import { aborted } from "./aborted.ts";
import type { LogLevel } from "./log_output.ts";

/** Where the program is. */
const ROOT = new URL("../../", import.meta.url).href;

/** The exit code of a program that ends because of it: EX_SOFTWARE of sysexits(3). */
export const FAILURE_CODE = 70;

/** The reason for which a command is told to stop. */
export class InternalFailure extends Error {
  override readonly name = "InternalFailure";
  /** Whether it is on record. */
  isReported = false;

  /** @param cause Whatever was thrown. */
  constructor(cause: unknown) {
    super(`Internal error: ${describe(cause)}`, { cause });
  }

  /** What broke, and what to do. */
  get sentence(): string {
    return `${this.message}. Everything stored is kept. Start again, and report this with what ` +
      "--log-level debug says";
  }
}

/** Logs what stops the server at once, if that is an exception that nobody caught. */
export async function reportFailure(signal: AbortSignal, level: LogLevel): Promise<void> {
  await aborted(signal);
  const failure: unknown = signal.reason;
  if (!(failure instanceof InternalFailure)) return;
  failure.isReported = true;
  // Only --log-level debug shows where it comes from.
  const { sentence: message, cause } = failure;
  const details = level === "debug" ? { error: cause } : {};
  log("cli").error("{message}", { message, ...details });
}

/** The message, and where in the program it was thrown. */
function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const [line] = cause.message.split("\n");
  const [, own] = cause.stack?.split(ROOT) ?? [];
  const [place] = /^[^\s:]+:\d+/.exec(own ?? "") ?? [];
  return `${line || cause.name}${place === undefined ? "" : ` (${place})`}`;
}
