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

type Values = Record<string, string | string[]>;

/**
 * Reads the elements that begin at `start`, and says where they end; `undefined` where they are
 * not well formed.
 */
export function parseStructuredData(
  line: string,
  start: number,
): { readonly data: StructuredData; readonly end: number } | undefined {
  // Without a prototype: `__proto__` is as good a name as any.
  const data: Record<string, Values> = Object.create(null);
  let at = start;
  while (line.charCodeAt(at) === OPENING_BRACKET) {
    const idEnd = endOfName(line, at + 1);
    if (idEnd === at + 1) return undefined;
    const values = data[line.slice(at + 1, idEnd)] ??= Object.create(null) as Values;
    at = readValues(line, idEnd, values);
    if (at === -1) return undefined;
  }
  return { data, end: at };
}

/** Reads ` name="value"` until the closing bracket; returns what is behind it, or -1. */
function readValues(line: string, start: number, values: Values): number {
  let at = start;
  while (line.charCodeAt(at) === SPACE) {
    const nameEnd = endOfName(line, at + 1);
    const isNamed = nameEnd > at + 1 && line.charCodeAt(nameEnd) === EQUALS &&
      line.charCodeAt(nameEnd + 1) === QUOTE;
    if (!isNamed) return -1;
    const end = endOfValue(line, nameEnd + 2);
    if (end === -1) return -1;
    add(values, line.slice(at + 1, nameEnd), unescape(line.slice(nameEnd + 2, end)));
    at = end + 1;
  }
  return line.charCodeAt(at) === CLOSING_BRACKET ? at + 1 : -1;
}

/** Where a name ends (SD-NAME: no `=`, space, `]` or `"`). */
function endOfName(line: string, start: number): number {
  let at = start;
  for (; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code === EQUALS || code === SPACE || code === CLOSING_BRACKET || code === QUOTE) break;
  }
  return at;
}

/** Where the quote is that ends a value, or -1. */
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

/** Section 6.3.3: before any other character a backslash stands for itself. */
function unescape(value: string): string {
  return value.includes("\\") ? value.replace(/\\(["\\\]])/g, "$1") : value;
}

/** Section 6.3.3: a name may come more than once. */
function add(values: Values, name: string, value: string): void {
  const before = values[name];
  if (before === undefined) values[name] = value;
  else if (typeof before === "string") values[name] = [before, value];
  else before.push(value);
}
