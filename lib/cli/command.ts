/**
 * What a command of the command line is: one record in one file of `commands/`, listed in
 * `commands/mod.ts`. Parsing, `--help` and error reports are made from the record by `main`.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { ParsedArguments } from "./flags.ts";
import type { OptionSpec } from "./option_spec.ts";

/** One command. */
export interface Command {
  /** The word that picks it: `serve`. */
  readonly name: string;
  /** What it does, for the list in `--help`: no capital, no full stop. */
  readonly summary: string;
  /** What is typed after `partyline`: `tail ROOM [OPTIONS]`. */
  readonly usage: string;
  readonly options: readonly OptionSpec[];
  /**
   * Runs it, and resolves to the exit code.
   *
   * @throws {UsageError} where the arguments do not fit.
   * @throws {Error} where it could not do its work; the message is one sentence saying what to do.
   */
  run(args: ParsedArguments, environment: CommandEnvironment): Promise<number>;
}

/** The world as a command sees it; `main.ts` makes it from Deno, tests from variables. */
export interface CommandEnvironment {
  /** Writes a line to standard output, adding the line break. */
  stdout(line: string): void;
  /**
   * Writes to standard output, and resolves once it is taken.
   *
   * @throws {Deno.errors.BrokenPipe} if nobody reads any more; `main` ends quietly then.
   */
  write(bytes: Uint8Array): Promise<void>;
  /** Whether standard output is a terminal, and shows colours. */
  readonly hasColour: boolean;
  /** Writes a line to standard error, adding the line break. */
  stderr(line: string): void;
  /** Reads an environment variable. One that may not be read counts as unset. */
  env(name: string): string | undefined;
  /** @throws {Error} as `Deno.readTextFileSync`. */
  readTextFile(path: string): string;
  /** @default {systemClock} */
  readonly clock?: Clock;
  /** Has `work` done at each SIGHUP: files that may have changed are to be read again. */
  onHangup(work: () => void): void;
  /** Aborted by the first signal to stop. */
  readonly signal: AbortSignal;
}
