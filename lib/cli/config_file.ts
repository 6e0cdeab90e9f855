/**
 * Reads the TOML configuration file and knows on which line a key stands. What the keys mean is
 * the options' business, not this file's.
 *
 * @module
 */

import { parse } from "@std/toml/parse";
import { UsageError } from "./usage_error.ts";

/** A configuration file that was read and parsed. */
export interface ConfigFile {
  /** The values by their top-level keys. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Where a top-level key stands, `partyline.toml:3`, or only the file where it is not found. */
  place(key: string): string;
}

/**
 * Reads and parses the file at `path`.
 *
 * @param readTextFile Usually `Deno.readTextFileSync`.
 * @throws {UsageError} where the file cannot be read, or is not TOML.
 * @throws {Deno.errors.NotCapable} where Deno was not given the permission to read it.
 */
export function readConfigFile(
  path: string,
  readTextFile: (path: string) => string,
): ConfigFile {
  let text: string;
  try {
    text = readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new UsageError(
      `Cannot read config file ${JSON.stringify(path)}: ${readFailure(error)}`,
      { cause: error },
    );
  }
  // Some editors put a byte order mark first, and the parser takes it for a stray character.
  text = text.replace(/^\uFEFF/, "");
  return { values: parseToml(path, text), place: (key) => placeOf(path, text, key) };
}

function readFailure(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.PermissionDenied) return "its permissions forbid it";
  if (error instanceof Deno.errors.IsADirectory) return "it is a directory";
  return error instanceof Error ? error.message : String(error);
}

function parseToml(path: string, text: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // "Parse error on line 2, column 4: WHAT", sometimes twice over, sometimes with the rest of
    // the file after a line break.
    const [, line, what = error.message] =
      /^(?:Parse error on line (\d+), column \d+: )+([^\n]*)/.exec(error.message) ?? [];
    const sentence = what.charAt(0).toLowerCase() + what.slice(1).replace(/:$/, "");
    throw new UsageError(`${path}${line === undefined ? "" : `:${line}`}: ${sentence}`, {
      cause: error,
    });
  }
}

/**
 * The parser keeps no positions, so the line is found again: `key =`, `key.sub =` before the first
 * table, or a `[key]` header. A multi-line text can fool it, which costs a wrong line number.
 */
function placeOf(path: string, text: string, key: string): string {
  let inTable = false;
  const index = text.split("\n").findIndex((line) => {
    const [, bracket = "", double, single, bare] =
      /^\s*(\[\[?\s*)?(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*[=.\]]/.exec(line) ?? [];
    inTable ||= bracket !== "";
    return (!inTable || bracket !== "") && (double ?? single ?? bare) === key;
  });
  return index === -1 ? path : `${path}:${index + 1}`;
}
