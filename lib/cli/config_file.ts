/**
 * Reads the TOML configuration file and finds the lines of its keys. What the keys mean is defined
 * by the options.
 *
 * @module
 */

import { parse } from "@std/toml/parse";
import { explainTomlError } from "./toml_error.ts";
import { UsageError } from "./usage_error.ts";

/** A parsed configuration file. */
export interface ConfigFile {
  /** The values by top-level key. */
  readonly values: Readonly<Record<string, unknown>>;
  /**
   * The place of a key, `partyline.toml:3`. A path names the tables and then the key. If the key is
   * not found, returns the place of its table, or only the file.
   */
  place(...path: string[]): string;
}

/**
 * Reads and parses the file at `path`.
 *
 * @param readTextFile Usually `Deno.readTextFileSync`.
 * @throws {UsageError} if the file cannot be read or is not TOML.
 * @throws {Deno.errors.NotCapable} if Deno lacks the permission to read it.
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
  // Some editors write a byte order mark, which the parser would report as a stray character.
  text = text.replace(/^\uFEFF/, "");
  const places = placesOf(text);
  return {
    values: parseToml(path, text),
    place(...keys) {
      for (let length = keys.length; length > 0; length--) {
        const line = places.get(JSON.stringify(keys.slice(0, length)));
        if (line !== undefined) return `${path}:${line}`;
      }
      return path;
    },
  };
}

/** Why a file could not be read, as the rest of a sentence. */
export function readFailure(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (error instanceof Deno.errors.IsADirectory) return "it is a directory";
  return error instanceof Error ? error.message : String(error);
}

function parseToml(path: string, text: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { line, sentence } = explainTomlError(error.message, text);
    throw new UsageError(`${path}${line === undefined ? "" : `:${line}`}: ${sentence}`, {
      cause: error,
    });
  }
}

const PART = `(?:"[^"]*"|'[^']*'|[\\w-]+)`;
const DOTTED = `${PART}(?:\\s*\\.\\s*${PART})*`;
const LINE = new RegExp(`^\\s*(?:\\[\\[?\\s*(${DOTTED})\\s*\\]|(${DOTTED})\\s*=)`);

/**
 * Finds the first line of each key and table, because the parser keeps no positions. A multi-line
 * string or an inline table can fool this, which only makes a line number wrong.
 */
function placesOf(text: string): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  let table: string[] = [];
  text.split("\n").forEach((line, index) => {
    const [, header, key] = LINE.exec(line) ?? [];
    if (header === undefined && key === undefined) return;
    const path = [...header === undefined ? table : [], ...partsOf(header ?? key)];
    if (header !== undefined) table = path;
    for (let length = 1; length <= path.length; length++) {
      const place = JSON.stringify(path.slice(0, length));
      if (!places.has(place)) places.set(place, index + 1);
    }
  });
  return places;
}

function partsOf(dotted: string): string[] {
  return (dotted.match(new RegExp(PART, "g")) ?? []).map((part) =>
    part.replace(/^(["'])(.*)\1$/, "$2")
  );
}
