/**
 * Reads tables from the configuration file: `[irc]`, and groups such as `[rooms.NAME]`. Their keys
 * are described like options, but exist only in the file.
 *
 * @module
 */

import type { ConfigFile } from "./config_file.ts";
import type { Resolved, ResolvedOptions } from "./option.ts";
import type { OptionSpec } from "./option_spec.ts";
import { type OptionValue, readToml } from "./option_value.ts";
import { complain, didYouMean, type Origin } from "./usage_error.ts";

/** One table of a group. */
export interface ConfigTable<Specs extends readonly OptionSpec[]> {
  readonly name: string;
  /** The place of the table. */
  readonly origin: Origin;
  /** Its keys, with defaults for the missing ones. */
  readonly keys: ResolvedOptions<Specs>;
}

/**
 * Returns the tables of a group in the order of the file.
 *
 * @throws {UsageError} for a key that is not in `specs`, or an invalid value.
 */
export function readTables<const Specs extends readonly OptionSpec[]>(
  file: ConfigFile | undefined,
  group: string,
  specs: Specs,
): ConfigTable<Specs>[] {
  const tables = file?.values[group];
  if (!file || tables === undefined) return [];
  const origin: Origin = { label: group, place: file.place(group) };
  if (!isTable(tables)) throw complain(origin, `Write [${group}.NAME], with its keys below it`);
  return Object.entries(tables).map(([name, table]) => {
    const origin: Origin = { label: `${group}.${name}`, place: file.place(group, name) };
    // As with `[rooms] keep-for = "30d"`.
    if (!isTable(table)) throw complain(origin, `Write [${group}.NAME] above ${name}`);
    return { name, origin, keys: readKeys(file, [group, name], table, specs) };
  });
}

/**
 * Returns the keys of the table `[name]`, with defaults for the missing ones.
 *
 * @throws {UsageError} for a key that is not in `specs`, or an invalid value.
 */
export function readTable<const Specs extends readonly OptionSpec[]>(
  file: ConfigFile | undefined,
  name: string,
  specs: Specs,
): ResolvedOptions<Specs> {
  const table = file?.values[name] ?? {};
  if (!isTable(table)) {
    const origin: Origin = { label: name, place: file!.place(name) };
    throw complain(origin, `Write [${name}] on a line, with its keys below it`);
  }
  return readKeys(file, [name], table, specs);
}

function readKeys<const Specs extends readonly OptionSpec[]>(
  file: ConfigFile | undefined,
  path: readonly string[],
  table: Readonly<Record<string, unknown>>,
  specs: Specs,
): ResolvedOptions<Specs> {
  if (file) refuseUnknownKeys(file, path, table, specs);
  const keys = specs.map((spec): [string, Resolved<OptionValue | undefined>] => {
    const origin: Origin = { label: spec.name, place: file?.place(...path, spec.name) };
    const value = Object.hasOwn(table, spec.name)
      ? readToml(spec, table[spec.name], origin)
      : spec.default ?? (spec.kind === "flag" ? false : undefined);
    return [spec.name, { value, origin }];
  });
  return Object.fromEntries(keys) as ResolvedOptions<Specs>;
}

function refuseUnknownKeys(
  file: ConfigFile,
  path: readonly string[],
  table: Readonly<Record<string, unknown>>,
  specs: readonly OptionSpec[],
): void {
  const known = specs.map((spec) => spec.name);
  for (const key of Object.keys(table)) {
    if (known.includes(key)) continue;
    const hint = didYouMean(key, known, (guess) => `"${guess}"`);
    const origin: Origin = { label: key, place: file.place(...path, key) };
    throw complain(origin, `Unknown key ${JSON.stringify(key)} in [${path.join(".")}]${hint}`);
  }
}

/** Whether a value of the file is a table. */
export function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Date);
}
