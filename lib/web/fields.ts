/**
 * Typed access to untrusted JSON and query strings: a field of the wrong type is refused with a
 * sentence that names it.
 *
 * @module
 */

import { toBody } from "../domain/text/block.ts";

/** A field that is missing or has the wrong type. */
export class FieldError extends Error {
  override readonly name = "FieldError";
}

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Valid values of a `seq` or `id`. */
export const EVENT_NUMBERS: Range = { min: 0, max: Number.MAX_SAFE_INTEGER };

export class Fields {
  readonly #get: (name: string) => unknown;

  /** @param get Returns the value of a field; `undefined` if there is none. */
  constructor(get: (name: string) => unknown) {
    this.#get = get;
  }

  /** The fields of a JSON object. @throws {FieldError} for any other text. */
  static ofJson(text: string): Fields {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new FieldError("The message is not JSON.");
    }
    return Fields.ofObject(value, "A message");
  }

  static ofObject(value: unknown, what: string): Fields {
    if (!isObject(value)) throw new FieldError(`${what} must be a JSON object.`);
    return new Fields((name) => Object.hasOwn(value, name) ? value[name] : undefined);
  }

  /** The fields of a query string, where digits are numbers. */
  static ofQuery(query: URLSearchParams): Fields {
    return new Fields((name) => {
      const text = query.get(name) ?? undefined;
      return text !== undefined && /^\d{1,16}$/.test(text) && !TEXTS.has(name)
        ? Number(text)
        : text;
    });
  }

  /** A string. @throws {FieldError} as all below, if it is missing or wrong. */
  text(name: string): string {
    return this.optionalText(name) ?? missing(name);
  }

  optionalText(name: string): string | undefined {
    const value = this.#given(name);
    if (value === undefined) return undefined;
    if (typeof value !== "string") throw new FieldError(`"${name}" must be a string.`);
    // Lone surrogates cannot be stored as UTF-8.
    if (!value.isWellFormed()) throw new FieldError(`"${name}" contains half a surrogate pair.`);
    return value;
  }

  /** The text of a message: not blank, perhaps of several lines. */
  body(name: string): string {
    const text = this.text(name);
    if (text === "") throw new FieldError(`"${name}" is empty.`);
    // The old Macintosh line end is as good as any, but a terminal would overwrite the line.
    const body = toBody(text.replace(/\r\n?/g, "\n"));
    if (body === "") throw new FieldError(`"${name}" has only blank lines.`);
    return body;
  }

  /** A string that is not empty and has no line end. */
  line(name: string): string {
    const text = this.text(name);
    if (text === "") throw new FieldError(`"${name}" is empty.`);
    if (/[\r\n]/.test(text)) {
      throw new FieldError(`"${name}" must be one line. Send several messages.`);
    }
    return text;
  }

  /** An integer within `range`. */
  optionalNumber(name: string, { min, max }: Range): number | undefined {
    const value = this.#given(name);
    if (value === undefined) return undefined;
    if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) {
      return value;
    }
    const range = max === Number.MAX_SAFE_INTEGER ? "" : ` from ${min} to ${max}`;
    throw new FieldError(`"${name}" must be a whole number${range}.`);
  }

  number(name: string, range: Range): number {
    return this.optionalNumber(name, range) ?? missing(name);
  }

  optionalChoice<const Choice extends string>(
    name: string,
    choices: readonly Choice[],
  ): Choice | undefined {
    const value = this.#given(name);
    if (value === undefined) return undefined;
    return choices.find((choice) => choice === value) ??
      refuse(`"${name}" must be ${choices.join(" or ")}.`);
  }

  /** An ISO 8601 time, in milliseconds since 1970. */
  optionalTime(name: string): number | undefined {
    const value = this.#given(name);
    if (value === undefined) return undefined;
    const time = typeof value === "string" && /^\d{4}-\d\d/.test(value) ? Date.parse(value) : NaN;
    if (Number.isNaN(time)) {
      throw new FieldError(`"${name}" must be a time such as 2026-11-21T06:30:00Z.`);
    }
    return time;
  }

  /** Any object. */
  optionalObject(name: string): Readonly<Record<string, unknown>> | undefined {
    const value = this.#given(name);
    return value === undefined || isObject(value)
      ? value
      : refuse(`"${name}" must be a JSON object.`);
  }

  object(name: string): Readonly<Record<string, unknown>> {
    return this.optionalObject(name) ?? missing(name);
  }

  /** An array of up to `max` objects. */
  optionalList(name: string, max: number): Fields[] | undefined {
    const value = this.#given(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || value.length > max) {
      throw new FieldError(`"${name}" must be an array of up to ${max} objects.`);
    }
    return value.map((item) => Fields.ofObject(item, `Each item of "${name}"`));
  }

  /** The reference that the answer must carry. */
  ref(): string | number | undefined {
    const value = this.#given("ref");
    if (value === undefined) return undefined;
    const isRef = typeof value === "number" || (typeof value === "string" && value.length <= 64);
    return isRef ? value : refuse('"ref" must be a number, or a string of up to 64 characters.');
  }

  /** Null counts as absent. */
  #given(name: string): unknown {
    return this.#get(name) ?? undefined;
  }
}

/** Query fields that are strings even if they look like numbers. */
const TEXTS = new Set(["q", "query", "room", "from"]);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function missing(name: string): never {
  throw new FieldError(`"${name}" is missing.`);
}

function refuse(message: string): never {
  throw new FieldError(message);
}
