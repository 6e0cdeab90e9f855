/**
 * Splits a command line into flags and positionals with `parseArgs`, and refuses what that lets
 * pass: unknown flags, missing values, repeated flags. Values remain text.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { type FlagOption, isNegatable, type OptionSpec, valueName } from "./option_spec.ts";
import { didYouMean, UsageError } from "./usage_error.ts";

/** The arguments after the name of a command. */
export interface ParsedArguments {
  /** Everything that is not a flag, and everything after `--`. */
  readonly positionals: readonly string[];
  /** The flags that were given, by name: their texts, or whether it was `--NAME` or `--no-NAME`. */
  readonly flags: ReadonlyMap<string, readonly string[] | boolean>;
}

/**
 * Parses `argv`.
 *
 * @throws {UsageError} for a flag that is unknown, lacks its value, or is repeated.
 */
export function parseArguments(
  argv: readonly string[],
  specs: readonly OptionSpec[],
): ParsedArguments {
  const end = argv.indexOf("--");
  const count = specs.find((spec) => spec.kind === "integer" && spec.isCount);
  const checked = argv.map((arg, index) => {
    if (end !== -1 && index >= end) return arg;
    if (count && /^-\d+$/.test(arg)) return `--${count.name}=${arg.slice(1)}`;
    return arg.startsWith("--") ? checkLongFlag(arg, argv[index + 1], specs) : arg;
  });
  const names = specs.map((spec) => spec.name);
  const isFlag = (spec: OptionSpec) => spec.kind === "flag";
  const parsed = parseArgs(checked, {
    // "_" keeps positionals as text: `search 007` searches for 007.
    string: ["_", ...specs.filter((spec) => !isFlag(spec)).map((spec) => spec.name)],
    boolean: specs.filter(isFlag).map((spec) => spec.name),
    // Collecting all of them tells an absent flag from `--no-NAME`: only the latter overrides the
    // environment.
    collect: names,
    negatable: specs.filter(isNegatable).map((spec) => spec.name),
    alias: Object.fromEntries(
      specs.flatMap((s) => s.short === undefined ? [] : [[s.name, s.short]]),
    ),
    unknown: (arg, key) => {
      if (key !== undefined) throw unknownOption(arg.replace(/=.*/s, ""), specs);
    },
  });
  const flags = new Map<string, readonly string[] | boolean>();
  for (const spec of specs) {
    const given = parsed[spec.name] as false | readonly (string | boolean)[];
    if (given === false) flags.set(spec.name, false);
    else if (given.length === 0) continue;
    else if (spec.kind === "flag") flags.set(spec.name, given.at(-1) === true);
    else flags.set(spec.name, checkTexts(spec, given.map(String)));
  }
  return { positionals: parsed._ as readonly string[], flags };
}

/**
 * Checks an argument that begins with `--`, and returns what `parseArgs` should see. By itself,
 * `parseArgs` takes `--no-web=x` for `--web=x`, `--json=maybe` for `--json=true`, the positional in
 * `--json true` for the value of the flag, and breaks on `--_`.
 */
function checkLongFlag(
  arg: string,
  next: string | undefined,
  specs: readonly OptionSpec[],
): string {
  const [, no = "", name, value] = /^--(no-)?([^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
  const flag = `--${no}${name}`;
  const spec = specs.find((spec) => spec.name === name && (no === "" || isNegatable(spec)));
  if (spec === undefined) throw unknownOption(flag, specs);
  if (no !== "") {
    if (value !== undefined) throw new UsageError(`Option ${flag} takes no value`);
    return arg;
  }
  if (spec.kind === "flag") {
    if (value === undefined) return `${flag}=true`;
    if (value === "true" || value === "false") return arg;
    throw new UsageError(`Cannot parse ${flag} ${JSON.stringify(value)}: use true or false`);
  }
  if (value === undefined && (next === undefined || next === "" || next.startsWith("-"))) {
    throw needsValue(spec);
  }
  return arg;
}

type ValuedOption = Exclude<OptionSpec, FlagOption>;

function checkTexts(spec: ValuedOption, texts: readonly string[]): readonly string[] {
  if (texts.includes("")) throw needsValue(spec);
  if (texts.length > 1 && spec.kind !== "list") {
    throw new UsageError(`Option --${spec.name} was given twice`);
  }
  return texts;
}

function needsValue(spec: ValuedOption): UsageError {
  const flag = `--${spec.name}`;
  return new UsageError(`Option ${flag} needs a value: ${flag} ${valueName(spec)}`);
}

function unknownOption(flag: string, specs: readonly OptionSpec[]): UsageError {
  const known = specs.flatMap((spec) =>
    isNegatable(spec) ? [spec.name, `no-${spec.name}`] : [spec.name]
  );
  const hint = didYouMean(flag.replace(/^-+/, ""), known, (guess) => `--${guess}`);
  return new UsageError(`Unknown option ${flag}${hint}`);
}

/**
 * Refuses arguments beyond those that a command takes.
 *
 * @param takes What it takes, for the error: `export takes options only`.
 * @throws {UsageError} if there are more than `most`.
 */
export function refuseSurplus(
  { positionals }: Pick<ParsedArguments, "positionals">,
  most: number,
  takes: string,
): void {
  if (positionals.length <= most) return;
  const surplus = JSON.stringify(positionals[most]);
  throw new UsageError(`Unexpected argument ${surplus}: ${takes}`);
}

/** Returns the only argument of a command. @throws {UsageError} if there is none, or more. */
export function onlyArgument(
  args: Pick<ParsedArguments, "positionals">,
  command: string,
  name: string,
): string {
  const [argument] = args.positionals;
  if (argument === undefined) throw new UsageError(`${command} needs a ${name}`);
  refuseSurplus(args, 1, `${command} takes one ${name}`);
  return argument;
}
