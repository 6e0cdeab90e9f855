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

/**
 * Most members, of all objects and arrays within it together: each costs time wherever the record is
 * stored, searched and shown. No logger writes as many.
 */
const MOST_MEMBERS = 512;

const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/**
 * The object that `line` is, with nothing but white space (RFC 8259 section 2) around it;
 * `undefined` for any other text, and for objects that are nested more than 32 deep or have more
 * than 512 members.
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

/** Whether a character may stand around JSON: space, tab, LF or CR. */
export function isJsonSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

/** Counts members; more than {@linkcode MOST_MEMBERS} where there are that many, or too deep ones. */
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
