/**
 * The structured data of a syslog message (RFC 5424 section 6.3): `[id name="value" ...][...]`.
 *
 * @module
 */

import type { StructuredData } from "./syslog_message.ts";

const SPACE = 0x20;
const QUOTE = 0x22;
const EQUALS = 0x3d;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;

/**
 * Most values in one message, because each costs time and memory. With more, they all stay text.
 */
const MOST_VALUES = 256;

type Values = Record<string, string | string[]>;

/**
 * Reads the elements that begin at `start`, and returns where they end; `undefined` if they are
 * malformed or have more than 256 values. Values without quotes, as VMware's ESXi writes them, end
 * at a space or a bracket.
 */
export function parseStructuredData(
  line: string,
  start: number,
): { readonly data: StructuredData; readonly end: number } | undefined {
  // Without a prototype, because `__proto__` is a valid name.
  const data: Record<string, Values> = Object.create(null);
  let at = start;
  let count = 0;
  while (line.charCodeAt(at) === OPENING_BRACKET) {
    const idEnd = endOfName(line, at + 1);
    if (idEnd === at + 1) return undefined;
    const values = data[line.slice(at + 1, idEnd)] ??= Object.create(null) as Values;
    count++;
    for (at = idEnd; line.charCodeAt(at) === SPACE; count++) {
      at = readValue(line, at + 1, values);
      if (at === -1 || count > MOST_VALUES) return undefined;
    }
    if (line.charCodeAt(at) !== CLOSING_BRACKET || count > MOST_VALUES) return undefined;
    at++;
  }
  return { data, end: at };
}

/** Reads `name="value"`; returns the index after it, or -1. */
function readValue(line: string, start: number, values: Values): number {
  const nameEnd = endOfName(line, start);
  if (nameEnd === start || line.charCodeAt(nameEnd) !== EQUALS) return -1;
  const name = line.slice(start, nameEnd);
  if (line.charCodeAt(nameEnd + 1) !== QUOTE) {
    const end = endOfName(line, nameEnd + 1);
    if (end === nameEnd + 1 || end === line.length) return -1;
    add(values, name, line.slice(nameEnd + 1, end));
    return end;
  }
  const end = endOfValue(line, nameEnd + 2);
  if (end === -1) return -1;
  add(values, name, unescape(line.slice(nameEnd + 2, end)));
  return end + 1;
}

/** The end of a name (SD-NAME: no `=`, space, `]` or `"`). */
function endOfName(line: string, start: number): number {
  let at = start;
  for (; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code === EQUALS || code === SPACE || code === CLOSING_BRACKET || code === QUOTE) break;
  }
  return at;
}

/** The index of the quote that ends a value, or -1. */
function endOfValue(line: string, start: number): number {
  let end = line.indexOf('"', start);
  while (end !== -1 && isEscaped(line, start, end)) end = line.indexOf('"', end + 1);
  return end;
}

function isEscaped(line: string, start: number, at: number): boolean {
  let backslashes = 0;
  while (at - backslashes - 1 >= start && line[at - backslashes - 1] === "\\") backslashes++;
  return backslashes % 2 === 1;
}

/** Section 6.3.3: before any other character a backslash is literal. */
function unescape(value: string): string {
  return value.includes("\\") ? value.replace(/\\(["\\\]])/g, "$1") : value;
}

/** Section 6.3.3: a name may appear more than once. */
function add(values: Values, name: string, value: string): void {
  const before = values[name];
  if (before === undefined) values[name] = value;
  else if (typeof before === "string") values[name] = [before, value];
  else before.push(value);
}
