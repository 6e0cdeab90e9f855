/**
 * Checks the options of a server one by one, so that all their faults are found at once. The server
 * itself stops at the first.
 *
 * @module
 */

import type { CommandEnvironment } from "../command.ts";
import { type KnownService, type ListenOption, parseListen } from "../endpoints/listen.ts";
import { type ConfigFile, readConfigFile } from "../options/config_file.ts";
import { isTable } from "../options/config_tables.ts";
import type { ParsedArguments } from "../options/flags.ts";
import {
  type OptionSources,
  type Resolved,
  resolveOptions,
  unknownKeys,
} from "../options/option.ts";
import type { OptionSpec } from "../options/option_spec.ts";
import { UsageError } from "../options/usage_error.ts";
import { readAlerts } from "../settings/alert_options.ts";
import { readCluster } from "../settings/cluster_options.ts";
import { CONFIG_OPTION } from "../settings/common_options.ts";
import { parseDescription, readIrc } from "../settings/irc_options.ts";
import { readPasswordFile } from "../settings/password_file.ts";
import { readRetention } from "../settings/retention_options.ts";
import { SERVE_OPTIONS, TABLES } from "../settings/serve_option_list.ts";
import { parseMetrics, type ResolvedServe, tutorialsOf } from "../settings/serve_options.ts";
import { parseWeb } from "../settings/web_options.ts";
import type { FindingList } from "./finding.ts";

/** Options that could be read, with defaults for the others. */
export interface CheckedOptions {
  readonly options: ResolvedServe["options"];
  readonly file: ConfigFile | undefined;
  /** Whether there is a file that cannot be parsed, so a server would not use the defaults. */
  readonly isFileLost: boolean;
}

/** The options of the web page, which are checked one by one. */
const WEB_OPTIONS = ["web", "web-host", "web-origin", "web-base", "post-token"] as const;

function defaults(): ResolvedServe["options"] {
  return resolveOptions(SERVE_OPTIONS, { flags: new Map(), env: () => undefined });
}

type Values = ConfigFile["values"];
type Environment = Pick<CommandEnvironment, "env" | "readTextFile">;

/** Reads each option by itself. */
export async function checkOptions(
  { flags }: Pick<ParsedArguments, "flags">,
  { env, readTextFile }: Environment,
  findings: FindingList,
): Promise<CheckedOptions> {
  const path = findings.attempt(() => resolveOptions([CONFIG_OPTION], { flags, env }))?.config
    .value;
  const file = path === undefined
    ? undefined
    : await findings.attemptLater(() => readConfigFile(path, readTextFile));
  if (file) {
    for (const { message, origin } of unknownKeys(file, SERVE_OPTIONS, TABLES)) {
      findings.add({ kind: "fault", text: message, origin });
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
  const isFileLost = path !== undefined && file === undefined;
  return { options: Object.fromEntries(options), file, isFileLost };
}

/** Checks what the options say, one by one; returns the endpoints that are right. */
export async function checkMeaning(
  { options, file }: CheckedOptions,
  services: readonly KnownService[],
  { readTextFile }: Environment,
  findings: FindingList,
): Promise<readonly ListenOption[]> {
  const listen = checkListen(options, services, findings);
  const usual = defaults();
  for (const name of WEB_OPTIONS) {
    findings.attempt(() => parseWeb({ ...usual, [name]: options[name] }));
  }
  findings.attempt(() => parseMetrics(options.metrics));
  await findings.attemptLater(() => readPasswordFile(options["password-file"], readTextFile));
  findings.attempt(() => parseDescription(options.description));
  await checkTable(["irc"], file, (file) => readIrc(file, listen, readTextFile), findings);
  await checkTable(["cluster"], file, (file) => readCluster(file, readTextFile), findings);
  for (const [path, part] of tablesOf(file, "rooms")) {
    await checkTable(path, part, readRetention, findings);
  }
  for (const [path, part] of tablesOf(file, "alerts")) {
    await checkTable(path, part, readAlerts, findings);
  }
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

/** Checks a table again without each wrong key, so that one fault does not hide the next. */
async function checkTable(
  path: readonly string[],
  file: ConfigFile | undefined,
  read: (file: ConfigFile | undefined) => unknown,
  findings: FindingList,
): Promise<void> {
  for (let isFirst = true;; isFirst = false) {
    try {
      await read(file);
      return;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const { message, origin } = error;
      const values = file && origin && without(file.values, [...path, origin.label]);
      // A key that is missing now was there before, and has been reported.
      if (isFirst || values) findings.add({ kind: "fault", text: message, origin });
      if (!file || !values) return;
      file = { ...file, values };
    }
  }
}

/** Returns the values without the one at `path`, or `undefined` if nothing is there. */
function without(values: Values, [key, ...path]: readonly string[]): Values | undefined {
  if (!Object.hasOwn(values, key)) return undefined;
  const { [key]: value, ...others } = values;
  if (path.length === 0) return others;
  const rest = isTable(value) ? without(value, path) : undefined;
  return rest && { ...others, [key]: rest };
}

/** The path of each table of a group, with the file as if it were the only one of the group. */
function tablesOf(file: ConfigFile | undefined, group: string): [string[], ConfigFile][] {
  const tables = file?.values[group];
  if (!file || tables === undefined) return [];
  if (!isTable(tables)) return [[[group], file]];
  return Object.entries(tables).map(([name, table]) => [[group, name], {
    ...file,
    values: { [group]: { [name]: table } },
  }]);
}
