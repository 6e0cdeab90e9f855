/**
 * A command of the command line: one record in one file of `commands/`, listed in
 * `commands/mod.ts` with its name. `main` parses arguments, prints `--help` and reports errors from
 * the record.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { ParsedArguments } from "./options/flags.ts";
import type { OptionSpec } from "./options/option_spec.ts";

/** What `--help` lists of a command. */
export interface CommandName {
  /** The word that selects it: `serve`. */
  readonly name: string;
  /** One line for `--help`, without a capital or full stop. */
  readonly summary: string;
}

/** A command in a list. It is loaded once it is named. */
export interface ListedCommand extends CommandName {
  load(): Promise<CommandBody>;
}

/** Everything else about a command. */
export interface CommandBody {
  /** What to type after `partyline`: `tail ROOM [OPTIONS]`. */
  readonly usage: string;
  readonly options: readonly OptionSpec[];
  /** Lines for `--help` between the usage and the options, at most 80 columns wide. */
  readonly details?: readonly string[];
  /**
   * Runs the command and resolves to the exit code.
   *
   * @throws {UsageError} if the arguments are invalid.
   * @throws {Error} if it cannot do its work; the message is one sentence that says what to do.
   */
  run(args: ParsedArguments, environment: CommandEnvironment): Promise<number>;
}

/** One command. */
export interface Command extends CommandName, CommandBody {}

/** The world as a command sees it. `main.ts` builds it from Deno, tests from variables. */
export interface CommandEnvironment {
  /** Writes a line to standard output and adds the line break. */
  stdout(line: string): void;
  /**
   * Writes to standard output and resolves once it is written.
   *
   * @throws {Deno.errors.BrokenPipe} if the reader is gone; `main` then ends quietly.
   */
  write(bytes: Uint8Array): Promise<void>;
  /** Whether standard output is a terminal that shows colours. */
  readonly hasColour: boolean;
  /** Writes a line to standard error and adds the line break. */
  stderr(line: string): void;
  readonly stdin: StandardInput;
  /** Reads an environment variable. Without permission to read it, it counts as unset. */
  env(name: string): string | undefined;
  /** @throws {Error} as `Deno.readTextFile`, or if the file is a pipe that holds it up. */
  readTextFile(path: string): Promise<string>;
  /** @default {systemClock} */
  readonly clock?: Clock;
  /** Calls `work` at each SIGHUP, to reload files that may have changed. */
  onHangup(work: () => void): void;
  /** Aborted by the first signal to stop, or by an {@linkcode InternalFailure}. */
  readonly signal: AbortSignal;
}

/** Standard input, and how to ask for it. */
export interface StandardInput {
  readonly isTerminal: boolean;
  /** Reads what there is, at least one byte; `null` at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Whether a terminal passes every key on at once, and shows none. */
  setRaw(isRaw: boolean): void;
  /** Writes to standard error, without a line break. */
  prompt(text: string): void;
}
