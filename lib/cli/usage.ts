/**
 * The texts of `--help` and the usage line. They are built from the records that drive the parsing,
 * so they cannot disagree with it.
 *
 * @module
 */

import type { Command, CommandName } from "./command.ts";
import { isNegatable, type OptionSpec, valueName } from "./options/option_spec.ts";

const COLUMNS = 80;
/** The column of the descriptions. After a longer flag the description starts on the next line. */
const INDENT = 29;

/** How commands are typed: after the name of the program or, over SSH, without it. */
export interface UsageStyle {
  /** What stands before the name of a command: `partyline `. */
  readonly prefix: string;
  /** The first line of the general help. */
  readonly title: string;
  /** Whether the first command is meant where none is named. */
  readonly hasDefault: boolean;
  /** Says below the options of a command how else they are set. */
  readonly note?: string;
}

export const PROGRAM_USAGE: UsageStyle = {
  prefix: "partyline ",
  title: "partyline: chat rooms and logs for telnet, nc, browsers and pipes",
  hasDefault: true,
  note: "Options can also be set in the environment, as PARTYLINE_DATA for --data or " +
    "PARTYLINE_MAX_CONNECTIONS for --max-connections (separate the values of a repeatable " +
    "option with spaces), and in a TOML file given with --config, as max-connections = 100. " +
    "Flags override the environment, and the environment overrides the file. Without Deno's " +
    "--allow-env the environment is ignored.",
};

/** The line below an error: the usage of `command`, or of the program if none was selected. */
export function usageLine(command?: Command, { prefix } = PROGRAM_USAGE): string {
  return command === undefined
    ? `usage: ${prefix}COMMAND [OPTIONS]; see ${prefix}--help`
    : `usage: ${prefix}${command.usage}; see ${prefix}${command.name} --help`;
}

/** The lines of `COMMAND --help`, at most 80 columns wide. */
export function commandHelp(command: Command, { prefix, note } = PROGRAM_USAGE): string[] {
  return [
    `${prefix}${command.name}: ${command.summary}`,
    "",
    `usage: ${prefix}${command.usage}`,
    "",
    ...command.details ? [...command.details, ""] : [],
    ...command.options.flatMap((spec) => row(labelOf(spec), docOf(spec))),
    ...row("-h, --help", "print this help"),
    ...note === undefined ? [] : ["", ...wrap(note, COLUMNS)],
  ];
}

/** The lines of `partyline --help`, at most 80 columns wide. */
export function generalHelp(
  commands: readonly CommandName[],
  { prefix, title, hasDefault } = PROGRAM_USAGE,
): string[] {
  return [
    title,
    "",
    `usage: ${prefix}COMMAND [OPTIONS]`,
    "",
    ...commands.flatMap((command, index) =>
      row(command.name, command.summary + (hasDefault && index === 0 ? " (default)" : ""))
    ),
    "",
    ...row("help COMMAND", "print the options of a command"),
    ...row("-V, --version", "print the version"),
    ...row("-h, --help", "print this help"),
  ];
}

/** The flags of an option, as in `--help`: `--data DIR`. */
export function labelOf(spec: OptionSpec): string {
  const short = spec.short === undefined ? "" : `-${spec.short}, `;
  const value = spec.kind === "flag" ? "" : ` ${valueName(spec)}`;
  // Turning off a flag that is off by default is only for scripts, and not worth a mention.
  const isOn = isNegatable(spec) && spec.default !== undefined && spec.default !== false;
  const negated = isOn ? `, --no-${spec.name}` : "";
  return `${short}--${spec.name}${value}${negated}`;
}

/** What an option does, with its choices and default. */
export function docOf(spec: OptionSpec): string {
  const notes: string[] = [];
  if (spec.kind === "choice" && spec.value !== undefined) notes.push(spec.choices.join("|"));
  const byDefault = [spec.default ?? []].flat().join(" ");
  if (byDefault !== "") notes.push(`default ${byDefault}`);
  return spec.doc + (notes.length === 0 ? "" : ` (${notes.join(", ")})`);
}

function row(label: string, doc: string): string[] {
  const margin = " ".repeat(INDENT);
  const lines = wrap(doc, COLUMNS - INDENT).map((line) => margin + line);
  const head = `  ${label}`;
  // At least two spaces between a flag and its description.
  if (head.length > INDENT - 2) return [head, ...lines];
  return [head.padEnd(INDENT) + lines[0].slice(INDENT), ...lines.slice(1)];
}

function wrap(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines[lines.length - 1];
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
