/**
 * Resolves the options of a command: flags first, then the environment, then the configuration
 * file, then the default. `option_value.ts` has the rules for a single value.
 *
 * @module
 */

import type { ConfigFile } from "./config_file.ts";
import type { ParsedArguments } from "./flags.ts";
import { environmentName, type OptionSpec, type ValueOf } from "./option_spec.ts";
import { type OptionValue, readText, readToml, readVariable } from "./option_value.ts";
import { complain, didYouMean, type Origin, type UsageError } from "./usage_error.ts";

export { environmentName };
export type { OptionSpec };

/** The sources of values. */
export interface OptionSources {
  readonly flags: ParsedArguments["flags"];
  /** Reads a variable. An empty one counts as unset, as in `VAR= command`. */
  readonly env: (name: string) => string | undefined;
  /** The configuration file, if any. All its keys must be options or `tables`. */
  readonly file?: ConfigFile;
  /** Keys of the file that are read elsewhere. */
  readonly tables?: readonly string[];
}

/** A value and its source. */
export interface Resolved<Value> {
  readonly value: Value;
  readonly origin: Origin;
}

/** The options of a command by name. */
export type ResolvedOptions<Specs extends readonly OptionSpec[]> = {
  readonly [Spec in Specs[number] as Spec["name"]]: Resolved<ValueOf<Spec>>;
};

/**
 * Resolves every option in `specs`. The first source with a value wins: lists replace each other,
 * they are not merged.
 *
 * @throws {UsageError} for an invalid value, or an unknown key in the file.
 */
export function resolveOptions<const Specs extends readonly OptionSpec[]>(
  specs: Specs,
  sources: OptionSources,
): ResolvedOptions<Specs> {
  const { file, tables } = sources;
  if (file) { for (const unknown of unknownKeys(file, specs, tables)) throw unknown; }
  const entries = specs.map((spec) => [spec.name, resolveOption(spec, sources)]);
  return Object.fromEntries(entries) as ResolvedOptions<Specs>;
}

function resolveOption(
  spec: OptionSpec,
  { flags, env, file }: OptionSources,
): Resolved<OptionValue | undefined> {
  const flag: Origin = { label: `--${spec.name}` };
  const given = flags.get(spec.name);
  if (given !== undefined) {
    return { value: readFlag(spec, given, flag), origin: flag };
  }
  const variable: Origin = { label: environmentName(spec) };
  const text = env(variable.label) ?? "";
  if (text.trim() !== "") {
    return { value: readVariable(spec, text, variable), origin: variable };
  }
  if (file && Object.hasOwn(file.values, spec.name)) {
    const key: Origin = { label: spec.name, place: file.place(spec.name) };
    return { value: readToml(spec, file.values[spec.name], key), origin: key };
  }
  return { value: spec.default ?? (spec.kind === "flag" ? false : undefined), origin: flag };
}

function readFlag(
  spec: OptionSpec,
  given: readonly string[] | boolean,
  origin: Origin,
): OptionValue {
  if (typeof given === "boolean" || spec.kind === "list") return given;
  return readText(spec, given[0], origin);
}

/** An error for each key of the file that is neither an option nor one of `tables`. */
export function* unknownKeys(
  file: ConfigFile,
  specs: readonly OptionSpec[],
  tables: readonly string[] = [],
): Generator<UsageError> {
  const known = [...specs.map((spec) => spec.name), ...tables];
  for (const key of Object.keys(file.values)) {
    if (known.includes(key)) continue;
    const hint = didYouMean(key, known, (guess) => `"${guess}"`);
    const origin: Origin = { label: key, place: file.place(key) };
    yield complain(origin, `Unknown key ${JSON.stringify(key)}${hint}`);
  }
}
