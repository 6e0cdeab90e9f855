/**
 * The command line: selects a command, runs it, and turns every error into one sentence and an exit
 * code.
 *
 * @module
 */

import { terminalText } from "../codec/terminal_text.ts";
import { adviceOn } from "../store/sqlite/open_log.ts";
import { VERSION } from "../version.ts";
import type { Command, CommandEnvironment, ListedCommand } from "./command.ts";
import { FAILURE_CODE, InternalFailure } from "./internal_failure.ts";
import { parseArguments } from "./options/flags.ts";
import type { OptionSpec } from "./options/option_spec.ts";
import { didYouMean, UsageError } from "./options/usage_error.ts";
import { commandHelp, generalHelp, usageLine, type UsageStyle } from "./usage.ts";

/** Flags that every command has. */
const COMMON_OPTIONS: readonly OptionSpec[] = [
  { name: "help", short: "h", kind: "flag", doc: "print this help" },
  { name: "version", short: "V", kind: "flag", doc: "print the version" },
];

/**
 * Runs the command that `argv` names. Never throws.
 *
 * @param argv The arguments after the name of the program. A leading `--` is ignored.
 * @param commands All commands. The first is the default.
 * @param style How usage is shown.
 * @returns The exit code: 0 done, 1 could not run, 2 wrong usage, 70 internal error.
 */
export async function runCommandLine(
  argv: readonly string[],
  environment: CommandEnvironment,
  commands: readonly [ListedCommand, ...ListedCommand[]],
  style: UsageStyle,
): Promise<number> {
  let picked: Command | undefined;
  try {
    // npm users write `deno task start -- OPTIONS`, and Deno passes the `--` on.
    const words = argv[0] === "--" ? argv.slice(1) : argv;
    const [word] = words;
    if (word === "help") return await help(words[1], commands, environment, style);
    if (words.length === 1) {
      // Without the default command, which takes longest to load.
      if (word === "--help" || word === "-h") {
        return await help(undefined, commands, environment, style);
      }
      if (word === "--version" || word === "-V") return printVersion(environment);
    }
    const isNamed = word !== undefined && !word.startsWith("-");
    const command = picked = await load(isNamed ? findCommand(word, commands) : commands[0]);
    const specs = [...command.options, ...COMMON_OPTIONS];
    const args = parseArguments(isNamed ? words.slice(1) : words, specs);
    if (args.flags.get("help") === true) {
      return await help(isNamed ? word : undefined, commands, environment, style);
    }
    if (args.flags.get("version") === true) return printVersion(environment);
    const code = await command.run(args, environment);
    return failureCode(environment) ?? code;
  } catch (error) {
    // As with `| head`: the reader has enough.
    if (error instanceof Deno.errors.BrokenPipe) return 0;
    // Arguments, the environment and files, which it may quote, can come from anywhere.
    environment.stderr(terminalText(sentenceOf(error)));
    if (!(error instanceof UsageError)) return 1;
    environment.stderr(usageLine(picked, style));
    return error.exitCode;
  }
}

/** The exit code if the command was stopped by an exception that nobody caught. */
function failureCode({ signal, stderr }: CommandEnvironment): number | undefined {
  const failure: unknown = signal.reason;
  if (!(failure instanceof InternalFailure)) return undefined;
  if (!failure.isReported) stderr(terminalText(failure.sentence));
  return FAILURE_CODE;
}

/** Prints the help of a command, or of the program. @throws {UsageError} for an unknown command. */
async function help(
  word: string | undefined,
  commands: readonly ListedCommand[],
  { stdout }: CommandEnvironment,
  style: UsageStyle,
): Promise<number> {
  const lines = word === undefined
    ? generalHelp(commands, style)
    : commandHelp(await load(findCommand(word, commands)), style);
  for (const line of lines) stdout(line);
  return 0;
}

function printVersion({ stdout }: CommandEnvironment): number {
  stdout(`partyline ${VERSION}`);
  return 0;
}

function findCommand(word: string, commands: readonly ListedCommand[]): ListedCommand {
  const command = commands.find((command) => command.name === word);
  if (command !== undefined) return command;
  const names = commands.map((command) => command.name);
  const hint = didYouMean(word, names, (guess) => `"${guess}"`);
  throw new UsageError(`Unknown command ${JSON.stringify(word)}${hint}`);
}

async function load(command: ListedCommand): Promise<Command> {
  const { name, summary } = command;
  return { name, summary, ...await command.load() };
}

/** The first line of the message, never a stack trace. */
function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // Deno.errors.NotCapable or, for a command that cannot be loaded, TypeError.
  const [, access, flag] = /^Requires (.+), run again with the (--[\w-]+) flag/.exec(message) ?? [];
  if (flag === "--allow-all") {
    // For paths that belong to the kernel, such as those under /proc, no other flag is enough.
    return `Cannot run without ${access}: choose another path, or add ${flag}`;
  }
  if (flag !== undefined) {
    return `Cannot run without ${access}: add ${flag}, or use "deno task start", which has every flag`;
  }
  if ((error as { readonly code?: unknown }).code === "ERR_SQLITE_ERROR") {
    return `Cannot read the log: ${message}${adviceOn(message)}`;
  }
  const [line] = message.trim().split("\n");
  return line || `Cannot run: ${error instanceof Error ? error.name : "unknown error"}`;
}
