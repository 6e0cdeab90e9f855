/**
 * Log lines that are JSON objects, as most programs write them for other programs.
 *
 * @module
 */

/**
 * Objects nested deeper count as text. No logger writes them, and much that is done to an object
 * later (such as serialising it) recurses once for each level.
 */
const MAX_DEPTH = 32;

/**
 * Most members, including those of nested objects and arrays. Each one costs time wherever the
 * record is stored, searched and shown, and no logger writes that many.
 */
const MOST_MEMBERS = 512;

const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/**
 * Parses a line that is a JSON object, with nothing but white space (RFC 8259 section 2) around it.
 * `undefined` for any other text, and for objects nested more than 32 deep or with more than 512
 * members.
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
  return membersOf(value, MAX_DEPTH) > MOST_MEMBERS ? undefined : value as Record<string, unknown>;
}

/** Whether a character is JSON white space: space, tab, LF or CR. */
export function isJsonSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

/**
 * Counts members; returns more than {@linkcode MOST_MEMBERS} if there are too many, or some are
 * nested too deep.
 */
function membersOf(value: unknown, depth: number): number {
  if (typeof value !== "object" || value === null) return 0;
  if (depth === 0) return MOST_MEMBERS + 1;
  const members = Object.values(value);
  let count = members.length;
  for (const member of members) {
    if (count > MOST_MEMBERS) break;
    count += membersOf(member, depth - 1);
  }
  return count;
}
