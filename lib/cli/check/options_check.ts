/**
 * Checks the options of a server one by one, so that all their faults are found at once. The server
 * itself stops at the first.
 *
 * @module
 */

import { CONFIG_OPTION } from "../common_options.ts";
import type { CommandEnvironment } from "../command.ts";
import { readAlerts } from "../alert_options.ts";
import { readCluster } from "../cluster_options.ts";
import { type ConfigFile, readConfigFile } from "../config_file.ts";
import type { ParsedArguments } from "../flags.ts";
import { parseDescription, readIrc } from "../irc_options.ts";
import { type KnownService, type ListenOption, parseListen } from "../listen.ts";
import { type OptionSources, type Resolved, resolveOptions, unknownKeys } from "../option.ts";
import type { OptionSpec } from "../option_spec.ts";
import { readPasswordFile } from "../password_file.ts";
import { readRetention } from "../retention_options.ts";
import {
  parseMetrics,
  type ResolvedServe,
  SERVE_OPTIONS,
  TABLES,
  tutorialsOf,
} from "../serve_options.ts";
import { parseWeb } from "../web_options.ts";
import type { FindingList } from "./finding.ts";

/** Options that could be read, with defaults for the others. */
export interface CheckedOptions {
  readonly options: ResolvedServe["options"];
  readonly file: ConfigFile | undefined;
}

/** The options of the web page, which are checked one by one. */
const WEB_OPTIONS = ["web", "web-host", "web-origin", "web-base", "post-token"] as const;

function defaults(): ResolvedServe["options"] {
  return resolveOptions(SERVE_OPTIONS, { flags: new Map(), env: () => undefined });
}

type Environment = Pick<CommandEnvironment, "env" | "readTextFile">;

/** Reads each option by itself. */
export function checkOptions(
  { flags }: Pick<ParsedArguments, "flags">,
  { env, readTextFile }: Environment,
  findings: FindingList,
): CheckedOptions {
  const path = findings.attempt(() => resolveOptions([CONFIG_OPTION], { flags, env }))?.config
    .value;
  const file = path === undefined
    ? undefined
    : findings.attempt(() => readConfigFile(path, readTextFile));
  if (file) {
    for (const { message } of unknownKeys(file, SERVE_OPTIONS, TABLES)) {
      findings.add({ kind: "fault", text: message });
    }
  }
  // Unknown keys have been reported.
  const sources: OptionSources = { flags, env, file, tables: Object.keys(file?.values ?? {}) };
  const usual = defaults();
  const options = SERVE_OPTIONS.map((spec: OptionSpec) => [
    spec.name,
    findings.attempt(() => resolveOptions([spec], sources)[spec.name]) ??
      usual[spec.name as keyof typeof usual],
  ]);
  return { options: Object.fromEntries(options), file };
}

/** Checks what the options say, one by one; returns the endpoints that are right. */
export function checkMeaning(
  { options, file }: CheckedOptions,
  services: readonly KnownService[],
  { readTextFile }: Environment,
  findings: FindingList,
): readonly ListenOption[] {
  const listen = checkListen(options, services, findings);
  const usual = defaults();
  for (const name of WEB_OPTIONS) {
    findings.attempt(() => parseWeb({ ...usual, [name]: options[name] }));
  }
  findings.attempt(() => parseMetrics(options.metrics));
  findings.attempt(() => readPasswordFile(options["password-file"], readTextFile));
  findings.attempt(() => parseDescription(options.description));
  findings.attempt(() => readIrc(file, listen, readTextFile));
  findings.attempt(() => readCluster(file, readTextFile));
  for (const part of tablesOf(file, "rooms")) findings.attempt(() => readRetention(part));
  for (const part of tablesOf(file, "alerts")) findings.attempt(() => readAlerts(part));
  return listen;
}

function checkListen(
  { listen, tutorials }: ResolvedServe["options"],
  services: readonly KnownService[],
  findings: FindingList,
): readonly ListenOption[] {
  const parse = (value: readonly string[], more: readonly string[] = []) => () =>
    parseListen({ ...listen, value } as Resolved<readonly string[]>, services, more);
  const right = listen.value.filter((text) => findings.attempt(parse([text])) !== undefined);
  const more = tutorials.value ? tutorialsOf(services) : [];
  // Together: two may have the same address.
  return findings.attempt(parse(right, more)) ?? [];
}

/** The file once for each table of a group, with that table alone. */
function tablesOf(file: ConfigFile | undefined, group: string): ConfigFile[] {
  const tables = file?.values[group];
  if (!file || tables === undefined) return [];
  const isGroup = typeof tables === "object" && tables !== null && !Array.isArray(tables);
  if (!isGroup) return [file];
  return Object.entries(tables).map(([name, table]) => ({
    ...file,
    values: { [group]: { [name]: table } },
  }));
}
