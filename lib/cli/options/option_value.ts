/**
 * Parses the value of one option from a flag, an environment variable or the configuration file, or
 * refuses it with a sentence. Nothing is converted silently.
 *
 * @module
 */

import { type IntegerOption, isNegatable, type OptionSpec } from "./option_spec.ts";
import { cannotParse, oneOf, type Origin } from "./usage_error.ts";

/** The value of any option. */
export type OptionValue = string | number | boolean | readonly string[];

/**
 * Parses the text of a flag or a variable; for a list, one of its items.
 *
 * @throws {UsageError} if the text is invalid.
 */
export function readText(spec: OptionSpec, text: string, origin: Origin): OptionValue {
  const refuse = (advice: string): never => {
    throw cannotParse(origin, JSON.stringify(text), advice);
  };
  switch (spec.kind) {
    case "integer":
      // Number() would also accept "1e3", "0x10", " 5" and "".
      return /^(0|-?[1-9]\d*)$/.test(text) && isInRange(Number(text), spec)
        ? Number(text)
        : refuse(rangeOf(spec));
    case "choice":
      return spec.choices.includes(text) ? text : refuse(`use ${oneOf(spec.choices)}`);
    case "flag":
      return text === "true" || text === "false" ? text === "true" : refuse("use true or false");
    case "string":
    case "list":
      return text;
  }
}

/**
 * Parses an environment variable.
 *
 * @throws {UsageError} if the text is invalid.
 */
export function readVariable(spec: OptionSpec, text: string, origin: Origin): OptionValue {
  if (spec.kind === "list") return text.trim().split(/\s+/);
  if (text === "false" && isNegatable(spec)) return false;
  return readText(spec, text, origin);
}

/**
 * Checks a value from the configuration file. It must have the type of the option: no `"5"` for 5.
 *
 * @throws {UsageError} if the value is invalid.
 */
export function readToml(spec: OptionSpec, value: unknown, origin: Origin): OptionValue {
  const refuse = (advice: string): never => {
    const unquote = typeof value === "string" && /number|true/.test(advice);
    throw cannotParse(origin, showToml(value), advice + (unquote ? " without quotes" : ""));
  };
  const refuseText = (advice: string): never =>
    refuse(isEmpty(value) ? "it is empty; write a value, or leave the line out" : advice);
  switch (spec.kind) {
    case "integer":
      return typeof value === "number" && isInRange(value, spec) ? value : refuse(rangeOf(spec));
    case "choice":
      return typeof value === "string" && spec.choices.includes(value)
        ? value
        : refuse(`use ${oneOf(spec.choices.map((choice) => `"${choice}"`))}`);
    case "flag":
      return typeof value === "boolean" ? value : refuse("use true or false");
    case "string":
      if (value === false && isNegatable(spec)) return false;
      return isText(value) ? value : refuseText("use a string in quotes");
    case "list": {
      const items = Array.isArray(value) ? value : [value];
      return items.length > 0 && items.every(isText)
        ? items
        : refuseText("use a string in quotes or an array of them");
    }
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

function isEmpty(value: unknown): boolean {
  return typeof value === "string" || (Array.isArray(value) && value.length === 0);
}

function isInRange(value: number, { min, max }: IntegerOption): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

function rangeOf({ min, max }: IntegerOption): string {
  return `use a whole number from ${min} to ${max}`;
}

/** The value roughly as it is in the file. Tables are abbreviated, because they may be long. */
function showToml(value: unknown): string {
  const isTable = typeof value === "object" && !Array.isArray(value) && !(value instanceof Date);
  return isTable ? "{...}" : JSON.stringify(value);
}
