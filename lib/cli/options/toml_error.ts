/**
 * Explains syntax errors of the TOML parser, and finds the line where the person has to look.
 *
 * @module
 */

/** Where and what the error is. */
export interface TomlError {
  /** From 1; absent if unknown. */
  readonly line?: number;
  /** No capital, no full stop. */
  readonly sentence: string;
}

const MAX_SHOWN = 60;
const QUOTES = "strings need quotes";

/**
 * Explains the message of a `SyntaxError` of the parser. It names the line where the parser gave up,
 * which may be after the one with the mistake.
 *
 * @param text The file.
 */
export function explainTomlError(message: string, text: string): TomlError {
  // "Parse error on line 2, column 4: WHAT", sometimes nested, sometimes with text after it.
  const [, number, column, what = message] =
    /^(?:Parse error on line (\d+), column (\d+): )+(.*)/s.exec(message) ?? [];
  if (number === undefined) return { sentence: lowered(what) };
  const line = Number(number);
  const [, assignment] = /^Cannot parse value on line '(.*)'$/s.exec(what) ?? [];
  if (assignment !== undefined) return explainValue(assignment, line);
  if (what === "Array is not closed") return explainArray(text.split("\n"), line, Number(column));
  return { line, sentence: lowered(what.split("\n")[0].replace(/:$/, "")) };
}

/** @param assignment From the key to what the parser took for its value, maybe lines below. */
function explainValue(assignment: string, line: number): TomlError {
  const [first, ...rest] = assignment.split("\n");
  const [, key, value] = /^(.*?)\s*=\s*(.*)$/.exec(first) ?? [, first, ""];
  if (rest.length > 0 || value === "") {
    return { line: line - rest.length, sentence: `${key} has no value` };
  }
  const shown = value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}...` : value;
  const sentence = `cannot parse ${key} = ${shown}`;
  // Words, paths and endpoints, and quantities such as 30d.
  if (!/^[\w.:/[\]~-]+$/.test(value) && !/^\w+=/.test(value)) return { line, sentence };
  const example = `${key} = ${JSON.stringify(value)}`;
  const list = /^\d/.test(value) ? "" : ` or ${key} = ["one", "two"]`;
  return { line, sentence: `${sentence}: ${QUOTES}, as in ${example}${list}` };
}

function explainArray(lines: readonly string[], line: number, column: number): TomlError {
  let start = line;
  while (start > 1 && !/=\s*\[/.test(lines[start - 1])) start--;
  const next = lines[line - 1]?.slice(column) ?? "";
  const isAssignment = start < line && /^\s*[\w.-]+\s*=/.test(next);
  if (isAssignment || next.trim() === "") {
    return { line: start, sentence: "the array is not closed" };
  }
  if (/^["'\[{]/.test(next)) return { line, sentence: "a comma is missing in the array" };
  return { line, sentence: `cannot parse the array: ${QUOTES}, as in ["one", "two"]` };
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
