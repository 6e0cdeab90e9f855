/**
 * The program: the command line with all commands. `main.ts` calls it with the real environment,
 * tests with a fake one.
 *
 * @module
 */

import type { CommandEnvironment, ListedCommand } from "./command.ts";
import { runCommandLine } from "./command_line.ts";
import { PROGRAM_COMMANDS } from "./commands/mod.ts";
import { PROGRAM_USAGE } from "./usage.ts";

export type { CommandEnvironment, ListedCommand };

/**
 * Runs the command that `argv` names. Never throws.
 *
 * @param argv The arguments after the name of the program. A leading `--` is ignored.
 * @param commands All commands. The first is the default.
 * @returns The exit code; see {@linkcode runCommandLine}.
 */
export function main(
  argv: readonly string[],
  environment: CommandEnvironment,
  commands: readonly [ListedCommand, ...ListedCommand[]] = PROGRAM_COMMANDS,
): Promise<number> {
  return runCommandLine(argv, environment, commands, PROGRAM_USAGE);
}
