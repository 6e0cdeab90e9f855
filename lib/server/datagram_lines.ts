/**
 * The lines of a datagram, and the datagram of their answers.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import { type LineDamage, LineDecoder } from "../codec/line_decoder.ts";

const LF = 0x0a;

/** A line, and what had to be done to it to keep it; `undefined` for nothing. */
export interface DatagramLine {
  readonly text: string;
  readonly damage: LineDamage | undefined;
}

/**
 * Splits a datagram at its newlines. Over-long lines are cut, what is no UTF-8 is repaired. A last
 * line without a newline is a line too, and an empty datagram has none.
 */
export function readDatagramLines(bytes: Uint8Array, maxLineBytes: number): DatagramLine[] {
  if (bytes.length === 0) return [];
  const whole = bytes[bytes.length - 1] === LF ? bytes : concat([bytes, Uint8Array.of(LF)]);
  const decoder = new LineDecoder(maxLineBytes);
  const lines = decoder.decode(whole).split("\n").slice(0, -1);
  const damage = decoder.takeDamage(lines.length);
  return lines.map((line, index) => ({
    text: line.endsWith("\r") ? line.slice(0, -1) : line,
    damage: damage?.get(index),
  }));
}

/**
 * As many of `answers`, first come first, as fit into `request.length` bytes. They end as the lines
 * of the request do (in LF, in CRLF, or the last one in nothing), so that an answer as long as its
 * line always fits. `undefined` where none does.
 */
export function joinAnswers(
  answers: readonly string[],
  request: Uint8Array,
): Uint8Array | undefined {
  const newline = request.indexOf(0x0a);
  const lineEnd = newline > 0 && request[newline - 1] === 0x0d ? "\r\n" : "\n";
  const lastEnd = request[request.length - 1] === 0x0a ? lineEnd : "";
  const lines = answers.map((answer) => encoder.encode(answer + lineEnd));
  let length = 0;
  let count = 0;
  const spare = lineEnd.length - lastEnd.length;
  while (count < lines.length && length + lines[count].length - spare <= request.length) {
    length += lines[count++].length;
  }
  length -= count === 0 ? 0 : spare;
  if (length === 0) return undefined;
  return concat(lines.slice(0, count)).subarray(0, length);
}

const encoder = new TextEncoder();
