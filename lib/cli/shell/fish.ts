/**
 * The completion for fish.
 *
 * @module
 */

import type { CompletableCommand, CompletableFlag, Values } from "./completable.ts";

/** The script. */
export function fishCompletion(commands: readonly CompletableCommand[]): string {
  const [first, ...others] = commands;
  const names = others.map(({ name }) => name).join(" ");
  return [
    '# fish completion for partyline, made by "partyline completions fish".',
    "complete -c partyline -f",
    ...commands.map(({ name, summary }) =>
      `complete -c partyline -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`
    ),
    // Without a command, the first is meant.
    ...linesOf(first, `not __fish_seen_subcommand_from ${names}`),
    ...others.flatMap((command) => linesOf(command, `__fish_seen_subcommand_from ${command.name}`)),
    "",
  ].join("\n");
}

function linesOf({ flags, argument }: CompletableCommand, condition: string): string[] {
  const start = `complete -c partyline -n ${quote(condition)}`;
  const words = wordsOf(argument);
  return [
    ...flags.map((flag) => start + flagOf(flag)),
    ...words === "" ? [] : [start + words],
  ];
}

function flagOf({ flag, short, doc, values }: CompletableFlag): string {
  const letter = short === undefined ? "" : ` -s ${short.slice(1)}`;
  const value = values === undefined ? "" : ` ${values === "file" ? "-r" : "-x"}${wordsOf(values)}`;
  return ` -l ${flag.slice(2)}${letter}${value} -d ${quote(doc)}`;
}

function wordsOf(values: Values): string {
  if (values === "file") return " -F";
  if (values === "directory") return " -a '(__fish_complete_directories)'";
  return values === "none" ? "" : ` -a ${quote(values.join(" "))}`;
}

function quote(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
