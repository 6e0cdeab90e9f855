/**
 * Reads the file with the message of the day.
 *
 * @module
 */

import { readFailure } from "../options/config_file.ts";
import type { Resolved } from "../options/option.ts";
import { complain } from "../options/usage_error.ts";

/** In bytes, so that each fits in a line of IRC. */
export const LONGEST_LINE = 400;
const MOST_LINES = 500;

/**
 * Reads the message of the day, line by line.
 *
 * @param readTextFile As `Deno.readTextFile`.
 * @throws {UsageError} if the file cannot be read, or has a line that IRC cannot carry.
 */
export async function readMotd(
  { value: path, origin }: Resolved<string>,
  readTextFile: (path: string) => Promise<string>,
): Promise<readonly string[]> {
  let text: string;
  try {
    text = await readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const reason = readFailure(error);
    throw complain(origin, `Cannot read ${origin.label} ${JSON.stringify(path)}: ${reason}`);
  }
  const lines = text.replace(/^\uFEFF/, "").trimEnd().split(/\r?\n/)
    .map((line) => line.replaceAll("\t", "    ").trimEnd());
  const complainAbout = (fault: string) =>
    complain(origin, `Cannot use ${origin.label} ${JSON.stringify(path)}: ${fault}`);
  if (lines.length > MOST_LINES) {
    throw complainAbout(`it has ${lines.length} lines; leave at most ${MOST_LINES}`);
  }
  for (const [index, line] of lines.entries()) {
    const fault = lineFault(line);
    if (fault !== undefined) throw complainAbout(`line ${index + 1} ${fault}`);
  }
  return lines.length === 1 && lines[0] === "" ? [] : lines;
}

/** Why a line cannot be shown on IRC, as the rest of a sentence; `undefined` if it can. */
export function lineFault(line: string): string | undefined {
  if (NOT_TEXT.test(line)) return "is not text in UTF-8; save it as plain text";
  if (new TextEncoder().encode(line).length > LONGEST_LINE) {
    return `is longer than ${LONGEST_LINE} bytes; break it`;
  }
  return undefined;
}

/** What would mean something else in a line of IRC or at a terminal; colours may be there. */
// deno-lint-ignore no-control-regex -- they are what is looked for
const NOT_TEXT = /[\0\x01\x07\r\n\x1b\ufffd]/;
