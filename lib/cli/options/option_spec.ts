/**
 * How a command describes its options. One description defines the flag, the environment variable,
 * the key in the configuration file, the checks, and the line in `--help`.
 *
 * @module
 */

interface OptionBase {
  /** The flag without dashes, which is also the key in the configuration file. */
  readonly name: string;
  /** A single letter that stands for the flag: `h` for `-h`. */
  readonly short?: string;
  /** A sentence for `--help`, without a capital or full stop, that explains special values. */
  readonly doc: string;
}

/** A string that is not empty. */
export interface StringOption extends OptionBase {
  readonly kind: "string";
  /** The placeholder of the value in `--help`: `DIR`. */
  readonly value: string;
  readonly default?: string;
  /** Whether `--no-NAME` (`false` in the environment and the file) turns it off. */
  readonly negatable?: boolean;
}

/** A whole number from `min` to `max`. */
export interface IntegerOption extends OptionBase {
  readonly kind: "integer";
  readonly value: string;
  readonly min: number;
  readonly max: number;
  readonly default?: number;
  /** Whether `-5` sets it to 5. */
  readonly isCount?: boolean;
}

/** One of a few words. */
export interface ChoiceOption extends OptionBase {
  readonly kind: "choice";
  readonly choices: readonly string[];
  /** @default {the choices, joined by `|`} */
  readonly value?: string;
  readonly default?: string;
}

/** On or off: `--NAME` or `--no-NAME`. */
export interface FlagOption extends OptionBase {
  readonly kind: "flag";
  /** @default {false} */
  readonly default?: boolean;
}

/** A list: a repeatable flag, separated by spaces in the environment, an array in the file. */
export interface ListOption extends OptionBase {
  readonly kind: "list";
  readonly value: string;
  readonly default?: readonly string[];
}

/** One option of a command. */
export type OptionSpec = StringOption | IntegerOption | ChoiceOption | FlagOption | ListOption;

/** The type of a resolved option, with `undefined` only if there is no default. */
export type ValueOf<Spec extends OptionSpec> =
  | GivenValue<Spec>
  | (Spec extends { default: unknown } | FlagOption ? never : undefined);

type GivenValue<Spec extends OptionSpec> = Spec extends IntegerOption ? number
  : Spec extends FlagOption ? boolean
  : Spec extends ListOption ? readonly string[]
  : Spec extends ChoiceOption ? Spec["choices"][number]
  : string | (Spec extends { negatable: true } ? false : never);

/** The variable that sets an option: `PARTYLINE_MAX_CONNECTIONS` for `max-connections`. */
export function environmentName(spec: Pick<OptionSpec, "name">): string {
  return `PARTYLINE_${spec.name.replaceAll("-", "_").toUpperCase()}`;
}

/** Whether `--no-NAME` exists. */
export function isNegatable(spec: OptionSpec): boolean {
  return spec.kind === "flag" || (spec.kind === "string" && spec.negatable === true);
}

/** The placeholder of the value in `--help` and in errors: `DIR`, `normal|full`. */
export function valueName(spec: Exclude<OptionSpec, FlagOption>): string {
  return spec.value ?? (spec.kind === "choice" ? spec.choices.join("|") : "VALUE");
}
