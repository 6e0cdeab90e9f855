/**
 * Finds the lines of the keys and tables of a TOML file, because the parser keeps no positions, and
 * the first that is repeated, because the parser would take the last one.
 *
 * @module
 */

import type { TomlError } from "./toml_error.ts";

export interface TomlPlaces {
  /** The first line of each key and table, from 1, by its path as JSON. */
  readonly lines: ReadonlyMap<string, number>;
  /** The first key or table that occurs a second time, which TOML does not allow. */
  readonly repeated?: TomlError & { readonly line: number };
}

const PART = `(?:"[^"]*"|'[^']*'|[\\w-]+)`;
const DOTTED = `${PART}(?:\\s*\\.\\s*${PART})*`;
const LINE = new RegExp(`^\\s*(?:(\\[\\[?)\\s*(${DOTTED})\\s*\\]|(${DOTTED})\\s*=)`);
/** Strings and comments. A line inside a multi-line string may look like a key, but is not one. */
const QUOTED = /"""(?:\\[^]|[^\\])*?"""|'''[^]*?'''|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|#.*/g;

/** Finds the places in a TOML text. An array of arrays can fool it, but no option takes one. */
export function findPlaces(text: string): TomlPlaces {
  const lines = new Map<string, number>();
  const written = new Map<string, number>();
  let repeated: TomlPlaces["repeated"];
  let table: string[] = [];
  let isElement = false;
  const withoutLongStrings = text.replace(
    QUOTED,
    (part) => part.includes("\n") ? part.replace(/[^\n]/g, "") : part,
  );
  for (const [index, text] of withoutLongStrings.split("\n").entries()) {
    const [, bracket, header, key] = LINE.exec(text) ?? [];
    if (header === undefined && key === undefined) continue;
    const line = index + 1;
    const path = [...header === undefined ? table : [], ...partsOf(header ?? key)];
    if (header !== undefined) {
      table = path;
      isElement = bracket === "[[";
    }
    for (let length = 1; length <= path.length; length++) {
      const place = JSON.stringify(path.slice(0, length));
      if (!lines.has(place)) lines.set(place, line);
    }
    if (isElement) continue;
    const own = JSON.stringify([header === undefined, ...path]);
    const before = written.get(own);
    if (before === undefined) written.set(own, line);
    else {
      const sentence = header === undefined
        ? `${key} is already set on line ${before}`
        : `table [${header}] is already defined on line ${before}`;
      repeated ??= { line, sentence };
    }
  }
  return { lines, repeated };
}

function partsOf(dotted: string): string[] {
  return (dotted.match(new RegExp(PART, "g")) ?? []).map((part) =>
    part.replace(/^(["'])(.*)\1$/, "$2")
  );
}
