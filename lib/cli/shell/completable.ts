/**
 * What a shell can complete, from the records that drive the command line. The scripts for the
 * shells and the man page are made from it, so they cannot disagree with it.
 *
 * @module
 */

import type { Command } from "../command.ts";
import { isNegatable, type OptionSpec, valueName } from "../options/option_spec.ts";

/** What to offer for a value: one of some words, a file, a directory, or nothing. */
export type Values = readonly string[] | "file" | "directory" | "none";

/** One flag. */
export interface CompletableFlag {
  /** With dashes: `--data`. */
  readonly flag: string;
  /** One letter with a dash: `-n`. */
  readonly short?: string;
  readonly doc: string;
  /** Absent if it takes no value. */
  readonly values?: Values;
}

export interface CompletableCommand {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly CompletableFlag[];
  /** What its first argument may be. */
  readonly argument: Values;
}

/** Flags of every command. */
const COMMON_FLAGS: readonly CompletableFlag[] = [
  { flag: "--help", short: "-h", doc: "print this help" },
  { flag: "--version", short: "-V", doc: "print the version" },
];

/** The commands, and `help`. The first is the default. */
export function completable(commands: readonly Command[]): readonly CompletableCommand[] {
  const names = commands.map(({ name }) => name);
  return [
    ...commands.map((command) => ({
      name: command.name,
      summary: command.summary,
      flags: [...command.options.flatMap(flagsOf), ...COMMON_FLAGS],
      argument: argumentOf(command),
    })),
    { name: "help", summary: "print the options of a command", flags: [], argument: names },
  ];
}

function flagsOf(spec: OptionSpec): readonly CompletableFlag[] {
  const short = spec.short === undefined ? {} : { short: `-${spec.short}` };
  const flag = { flag: `--${spec.name}`, ...short, doc: spec.doc };
  const positive = spec.kind === "flag" ? flag : { ...flag, values: valuesOf(spec) };
  // As in --help: to turn off what is off by default is not worth a mention.
  const isOn = isNegatable(spec) && spec.default !== undefined && spec.default !== false;
  if (!isOn) return [positive];
  return [positive, { flag: `--no-${spec.name}`, doc: `turn off --${spec.name}` }];
}

function valuesOf(spec: Exclude<OptionSpec, { kind: "flag" }>): Values {
  if (spec.kind === "choice") return spec.choices;
  const value = valueName(spec);
  return value === "FILE" ? "file" : value === "DIR" ? "directory" : "none";
}

/** From the usage: `account ACTION [NAME]`, whose actions the details list, or `man`, `backup FILE`. */
function argumentOf({ usage, details = [] }: Command): Values {
  const [, first = ""] = /^\[?[\w-]+\]? (\S+)/.exec(usage) ?? [];
  if (first === "ACTION") {
    const actions = details.flatMap((line) => /^ {2}([a-z]+) /.exec(line)?.[1] ?? []);
    return [...new Set(actions)].filter((action) => action !== "partyline" && action !== "curl");
  }
  if (/^[a-z]+(\|[a-z]+)+$/.test(first)) return first.split("|");
  return /^\[?FILE\]?$/.test(first) ? "file" : "none";
}
