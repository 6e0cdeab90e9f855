/**
 * Reads the TOML configuration file. What its keys mean is defined by the options.
 *
 * @module
 */

import { parse } from "@std/toml/parse";
import { explainTomlError, type TomlError } from "./toml_error.ts";
import { findPlaces, type TomlPlaces } from "./toml_places.ts";
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
 * @param readTextFile As `Deno.readTextFile`.
 * @throws {UsageError} if the file cannot be read or is not TOML.
 * @throws {Deno.errors.NotCapable} if Deno lacks the permission to read it.
 */
export async function readConfigFile(
  path: string,
  readTextFile: (path: string) => Promise<string>,
): Promise<ConfigFile> {
  let text: string;
  try {
    text = await readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new UsageError(
      `Cannot read config file ${JSON.stringify(path)}: ${readFailure(error)}`,
      { cause: error },
    );
  }
  return parseConfigFile(path, text);
}

/** Parses the text of the file at `path`. @throws {UsageError} if it is not TOML. */
export function parseConfigFile(path: string, text: string): ConfigFile {
  // Some editors write a byte order mark, which the parser would report as a stray character.
  text = text.replace(/^\uFEFF/, "");
  const { lines, repeated } = findPlaces(text);
  return {
    values: parseToml(path, text, repeated),
    place(...keys) {
      for (let length = keys.length; length > 0; length--) {
        const line = lines.get(JSON.stringify(keys.slice(0, length)));
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

function parseToml(
  path: string,
  text: string,
  repeated: TomlPlaces["repeated"],
): Record<string, unknown> {
  let fault: TomlError | undefined = repeated;
  let cause: unknown;
  try {
    const values = parse(text);
    if (!fault) return values;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const found = explainTomlError(error.message, text);
    // The parser reports a repeated table some lines too late.
    if (!repeated || (found.line ?? 0) < repeated.line) [fault, cause] = [found, error];
  }
  const { line, sentence } = fault!;
  throw new UsageError(`${path}${line === undefined ? "" : `:${line}`}: ${sentence}`, { cause });
}
