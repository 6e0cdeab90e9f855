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

/** The object that `line` is, with nothing around it; `undefined` for any other text. */
export function parseJsonObject(line: string): Record<string, unknown> | undefined {
  const isLikely = line.charCodeAt(0) === OPENING_BRACE &&
    line.charCodeAt(line.length - 1) === CLOSING_BRACE;
  if (!isLikely) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isDeeper(value, MAX_DEPTH) ? undefined : value as Record<string, unknown>;
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (depth === 0) return true;
  for (const inner of Object.values(value)) {
    if (isDeeper(inner, depth - 1)) return true;
  }
  return false;
}
