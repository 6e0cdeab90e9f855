/**
 * Reading what strangers send: each field is asked for by name and kind, and whatever does not
 * fit is refused with a sentence that names it.
 *
 * @module
 */

/** A field that is missing, or not what it has to be. */
export class FieldError extends Error {
  override readonly name = "FieldError";
}

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** The numbers that events may have. */
export const EVENT_NUMBERS: Range = { min: 0, max: Number.MAX_SAFE_INTEGER };

export class Fields {
  readonly #get: (name: string) => unknown;

  /** @param get The value of a name; `undefined` for none. */
  constructor(get: (name: string) => unknown) {
    this.#get = get;
  }

  /** Those of a JSON object. @throws {FieldError} for all else. */
  static ofJson(text: string): Fields {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new FieldError("That is not JSON.");
    }
    return Fields.ofObject(value, "A message");
  }

  static ofObject(value: unknown, what: string): Fields {
    if (!isObject(value)) throw new FieldError(`${what} has to be a JSON object.`);
    return new Fields((name) => Object.hasOwn(value, name) ? value[name] : undefined);
  }

  /** Those of a query, where numbers are written in digits. */
  static ofQuery(query: URLSearchParams): Fields {
    return new Fields((name) => {
      const text = query.get(name) ?? undefined;
      return text !== undefined && /^\d{1,16}$/.test(text) && !TEXTS.has(name)
        ? Number(text)
        : text;
    });
  }

  /** A text. */
  text(name: string): string {
    return this.optionalText(name) ?? missing(name);
  }

  optionalText(name: string): string | undefined {
    const value = this.#given(name);
    if (value === undefined) return undefined;
    if (typeof value !== "string") throw new FieldError(`"${name}" has to be a text.`);
    // Halves of a pair of surrogates are no text, and could not be stored.
    if (!value.isWellFormed()) throw new FieldError(`"${name}" has half a character in it.`);
    return value;
  }

  /** One line of what somebody says: not empty, no line end. */
  line(name: string): string {
    const text = this.text(name);
    if (text === "") throw new FieldError(`"${name}" is empty.`);
    if (/[\r\n]/.test(text)) throw new FieldError(`"${name}" has to be one line. Send several.`);
    return text;
  }

  /** A whole number. */
  optionalNumber(name: string, { min, max }: Range): number | undefined {
    const value = this.#given(name);
    if (value === undefined) return undefined;
    if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) {
      return value;
    }
    const range = max === Number.MAX_SAFE_INTEGER ? "" : ` from ${min} to ${max}`;
    throw new FieldError(`"${name}" has to be a whole number${range}.`);
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
      refuse(`"${name}" has to be ${choices.join(" or ")}.`);
  }

  /** A moment, in ISO 8601; milliseconds since 1970. */
  optionalTime(name: string): number | undefined {
    const value = this.#given(name);
    if (value === undefined) return undefined;
    const time = typeof value === "string" && /^\d{4}-\d\d/.test(value) ? Date.parse(value) : NaN;
    if (Number.isNaN(time)) {
      throw new FieldError(`"${name}" has to be a time such as 2026-11-21T06:30:00Z.`);
    }
    return time;
  }

  /** An object, as it is. */
  optionalObject(name: string): Readonly<Record<string, unknown>> | undefined {
    const value = this.#given(name);
    return value === undefined || isObject(value)
      ? value
      : refuse(`"${name}" has to be a JSON object.`);
  }

  /** A list of objects, of at most `most`. */
  optionalList(name: string, most: number): Fields[] | undefined {
    const value = this.#given(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || value.length > most) {
      throw new FieldError(`"${name}" has to be a list of up to ${most}.`);
    }
    return value.map((item) => Fields.ofObject(item, `What is in "${name}"`));
  }

  /** What answers are to be found by. */
  ref(): string | number | undefined {
    const value = this.#given("ref");
    if (value === undefined) return undefined;
    const isRef = typeof value === "number" || (typeof value === "string" && value.length <= 64);
    return isRef ? value : refuse('"ref" has to be a number, or a text of up to 64 characters.');
  }

  /** Null counts as absent. */
  #given(name: string): unknown {
    return this.#get(name) ?? undefined;
  }
}

/** Fields of queries that are text even where they look like numbers. */
const TEXTS = new Set(["q", "room", "from"]);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function missing(name: string): never {
  throw new FieldError(`"${name}" is missing.`);
}

function refuse(message: string): never {
  throw new FieldError(message);
}
