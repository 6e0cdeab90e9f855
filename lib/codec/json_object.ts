/**
 * Log lines that are JSON objects, as most programs write them that write for programs.
 *
 * @module
 */

/**
 * Deeper ones count as text: nobody logs such a thing but to see what happens, and much that is
 * done to an object later (writing it, for one) calls itself for each level.
 */
const MAX_DEPTH = 32;

const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/**
 * The object that `line` is, with nothing but white space (RFC 8259 section 2) around it;
 * `undefined` for any other text.
 */
export function parseJsonObject(line: string): Record<string, unknown> | undefined {
  let start = 0;
  while (isJsonSpace(line.charCodeAt(start))) start++;
  if (line.charCodeAt(start) !== OPENING_BRACE) return undefined;
  let end = line.length - 1;
  while (isJsonSpace(line.charCodeAt(end))) end--;
  if (line.charCodeAt(end) !== CLOSING_BRACE) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isDeeper(value, MAX_DEPTH) ? undefined : value as Record<string, unknown>;
}

/** Whether a character may stand around JSON: space, tab, LF or CR. */
export function isJsonSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (depth === 0) return true;
  for (const inner of Object.values(value)) {
    if (isDeeper(inner, depth - 1)) return true;
  }
  return false;
}
