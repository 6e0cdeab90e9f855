/**
 * The man page, `partyline(1)`, made from the same records as `--help`.
 *
 * @module
 */

import { VERSION } from "../../version.ts";
import type { Command } from "../command.ts";
import { environmentName } from "../options/option_spec.ts";
import { docOf, labelOf, PROGRAM_USAGE } from "../usage.ts";

const FILES: readonly [string, string][] = [
  ["./data", "the data directory, unless --data names another"],
  ["DIR/partyline.db", "the log, with everything that was said"],
  ["DIR/search.db", "the search index, which is made again if it is missing"],
  ["DIR/control.sock", "where commands reach the running server"],
];

const EXIT_CODES: readonly [string, string][] = [
  ["0", "done, or a clean stop"],
  ["1", "it could not run; one sentence on standard error says why and what to do"],
  ["2", "wrong usage, or a fault in the configuration file"],
  ["70", "an internal error; nothing that was seen is lost"],
];

/** The page in the man macros of groff. */
export function manPage(commands: readonly Command[]): string {
  const { title, note = "" } = PROGRAM_USAGE;
  const [name, purpose] = title.split(": ");
  const variables = commands.flatMap(({ options }) => options).map(environmentName);
  return [
    `.TH ${name.toUpperCase()} 1 "" "${name} ${VERSION}" "User Commands"`,
    // Endpoints must not be broken, so no hyphens at the ends of lines.
    ".nh",
    ".ad l",
    ".SH NAME",
    text(`${name} - ${purpose}`),
    ".SH SYNOPSIS",
    ...commands.flatMap(({ usage }) => [`.B ${name}`, text(usage), ".br"]),
    ".SH DESCRIPTION",
    text(
      "People enter rooms with ssh, telnet, nc, a browser or an IRC client, and programs pour " +
        "lines into the same rooms. Everything is kept, numbered and searchable.",
    ),
    ".PP",
    text(note),
    ".SH COMMANDS",
    ...commands.flatMap((command, index) => sectionOf(command, index === 0)),
    ".SH ENVIRONMENT",
    text([...new Set(variables)].sort().join(", ")),
    ".SH FILES",
    ...FILES.flatMap(([file, what]) => item(file, what)),
    ".SH EXIT STATUS",
    ...EXIT_CODES.flatMap(([code, what]) => item(code, what)),
    ".SH SIGNALS",
    ...item("SIGTERM, SIGINT", "stop: tell everybody, save what is left, exit within 5 seconds"),
    ...item("SIGHUP", "read the configuration, certificates and passwords again"),
    ".SH SEE ALSO",
    text("ssh(1), telnet(1), nc(1), systemctl(1)"),
    "",
  ].join("\n");
}

function sectionOf(command: Command, isDefault: boolean): string[] {
  const { name, summary, usage, details = [], options } = command;
  return [
    `.SS ${text(name)}`,
    text(`partyline ${usage}`),
    ".PP",
    text(sentence(summary) + (isDefault ? " This is the default command." : "")),
    ...details.length === 0 ? [] : [".PP", ".nf", ...details.map(text), ".fi"],
    ...options.flatMap((spec) => item(labelOf(spec), sentence(docOf(spec)))),
  ];
}

function sentence(words: string): string {
  return `${words[0].toUpperCase()}${words.slice(1)}.`;
}

function item(label: string, what: string): string[] {
  return [".TP", `.B ${text(label)}`, text(what)];
}

/** Text that no request can begin in, with hyphens that can be copied. */
function text(words: string): string {
  return words.replaceAll("\\", "\\e").replaceAll("-", "\\-").replace(/^([.'])/, "\\&$1");
}
