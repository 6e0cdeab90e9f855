/**
 * The texts of `--help` and the usage line, made from the same records that drive the parsing, so
 * that they cannot say anything else.
 *
 * @module
 */

import type { Command } from "./command.ts";
import { isNegatable, type OptionSpec, valueName } from "./option_spec.ts";

const COLUMNS = 80;
/** Where the descriptions begin; a flag that reaches beyond has its description a line below. */
const INDENT = 29;

/** The line below a complaint: how to call `command`, or the program where none was picked. */
export function usageLine(command?: Command): string {
  return command === undefined
    ? "usage: partyline COMMAND [OPTIONS]; see partyline --help"
    : `usage: partyline ${command.usage}; see partyline ${command.name} --help`;
}

/** What `COMMAND --help` prints: lines of 80 columns at most. */
export function commandHelp(command: Command): string[] {
  return [
    `partyline ${command.name}: ${command.summary}`,
    "",
    `usage: partyline ${command.usage}`,
    "",
    ...command.options.flatMap((spec) => row(labelOf(spec), docOf(spec))),
    ...row("--help", "this text"),
    "",
    ...wrap(
      "Every option can be set in the environment too: PARTYLINE_DATA is --data, and " +
        "PARTYLINE_MAX_CONNECTIONS is --max-connections; what may be repeated is separated by " +
        "spaces there. Without --allow-env the environment counts as empty. With --config, a " +
        "TOML file sets options by their names: max-connections = 100. A flag wins over the " +
        "environment, the environment over the file.",
      COLUMNS,
    ),
  ];
}

/** What `partyline --help` prints: lines of 80 columns at most. */
export function generalHelp(commands: readonly Command[]): string[] {
  return [
    "partyline: a server for chat rooms over plain lines",
    "",
    "usage: partyline COMMAND [OPTIONS]",
    "",
    ...commands.flatMap((command, index) =>
      row(command.name, command.summary + (index === 0 ? " (default)" : ""))
    ),
    "",
    ...row("COMMAND --help", "the options of a command"),
    ...row("--version", "the version"),
    ...row("--help", "this text"),
  ];
}

function labelOf(spec: OptionSpec): string {
  const short = spec.short === undefined ? "" : `-${spec.short}, `;
  const value = spec.kind === "flag" ? "" : ` ${valueName(spec)}`;
  const negated = isNegatable(spec) ? `, --no-${spec.name}` : "";
  return `${short}--${spec.name}${value}${negated}`;
}

function docOf(spec: OptionSpec): string {
  const notes: string[] = [];
  if (spec.kind === "choice" && spec.value !== undefined) notes.push(spec.choices.join("|"));
  if (spec.kind === "integer") notes.push(`${spec.min} to ${spec.max}`);
  const byDefault = [spec.default ?? []].flat().join(" ");
  if (byDefault !== "") notes.push(`default ${byDefault}`);
  return spec.doc + (notes.length === 0 ? "" : ` (${notes.join(", ")})`);
}

function row(label: string, doc: string): string[] {
  const margin = " ".repeat(INDENT);
  const lines = wrap(doc, COLUMNS - INDENT).map((line) => margin + line);
  const head = `  ${label}`;
  // Two blanks at least between a flag and its description.
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
