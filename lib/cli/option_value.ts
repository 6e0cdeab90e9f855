/**
 * Turns what a source holds (text from a flag or a variable, a value from the configuration file)
 * into the value an option describes, or refuses it with a sentence. Nothing is converted quietly.
 *
 * @module
 */

import { type IntegerOption, isNegatable, type OptionSpec } from "./option_spec.ts";
import { cannotParse, oneOf, type Origin } from "./usage_error.ts";

/** What any option may resolve to. */
export type OptionValue = string | number | boolean | readonly string[];

/**
 * Reads the text of a flag or a variable. For a list it is one of the items.
 *
 * @throws {UsageError} where the text does not fit.
 */
export function readText(spec: OptionSpec, text: string, origin: Origin): OptionValue {
  const refuse = (advice: string): never => {
    throw cannotParse(origin, JSON.stringify(text), advice);
  };
  switch (spec.kind) {
    case "integer":
      // Number() also takes "1e3", "0x10", " 5" and ""; whoever types those means something else.
      return /^(0|-?[1-9]\d*)$/.test(text) && isInRange(Number(text), spec)
        ? Number(text)
        : refuse(rangeOf(spec));
    case "choice":
      return spec.choices.includes(text) ? text : refuse(`write ${oneOf(spec.choices)}`);
    case "flag":
      return text === "true" || text === "false" ? text === "true" : refuse("write true or false");
    case "string":
    case "list":
      return text;
  }
}

/**
 * Reads the value of an environment variable.
 *
 * @throws {UsageError} where the text does not fit.
 */
export function readVariable(spec: OptionSpec, text: string, origin: Origin): OptionValue {
  if (spec.kind === "list") return text.trim().split(/\s+/);
  if (text === "false" && isNegatable(spec)) return false;
  return readText(spec, text, origin);
}

/**
 * Reads a value from the configuration file. It must have the option's own type: no `"5"` for 5.
 *
 * @throws {UsageError} where the value does not fit.
 */
export function readToml(spec: OptionSpec, value: unknown, origin: Origin): OptionValue {
  const refuse = (advice: string): never => {
    const unquote = typeof value === "string" && /number|true/.test(advice);
    throw cannotParse(origin, showToml(value), advice + (unquote ? " without quotes" : ""));
  };
  switch (spec.kind) {
    case "integer":
      return typeof value === "number" && isInRange(value, spec) ? value : refuse(rangeOf(spec));
    case "choice":
      return typeof value === "string" && spec.choices.includes(value)
        ? value
        : refuse(`write ${oneOf(spec.choices.map((choice) => `"${choice}"`))}`);
    case "flag":
      return typeof value === "boolean" ? value : refuse("write true or false");
    case "string":
      if (value === false && isNegatable(spec)) return false;
      return isText(value) ? value : refuse("write a text in quotes");
    case "list": {
      const items = Array.isArray(value) ? value : [value];
      return items.length > 0 && items.every(isText)
        ? items
        : refuse("write a text in quotes or an array of them");
    }
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

function isInRange(value: number, { min, max }: IntegerOption): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

function rangeOf({ min, max }: IntegerOption): string {
  return `write a whole number from ${min} to ${max}`;
}

/** The value about as the file has it; a table is only named, for it may be long. */
function showToml(value: unknown): string {
  const isTable = typeof value === "object" && !Array.isArray(value) && !(value instanceof Date);
  return isTable ? "{...}" : JSON.stringify(value);
}
