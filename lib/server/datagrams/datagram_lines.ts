/**
 * Lines and datagrams: splitting a datagram into lines, and joining answers into one.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import type { Charset } from "../../codec/charset.ts";
import { type LineDamage, LineDecoder } from "../../codec/line_decoder.ts";

const LF = 0x0a;

/** A line and its damage; `undefined` for none. */
export interface DatagramLine {
  readonly text: string;
  readonly damage: LineDamage | undefined;
}

/**
 * Splits a datagram at its newlines. Cuts lines that are too long and repairs invalid UTF-8. A last
 * line without a newline counts; an empty datagram has no lines.
 *
 * @param charset The encoding of lines that are not UTF-8. @default {UTF-8}
 */
export function readDatagramLines(
  bytes: Uint8Array,
  maxLineBytes: number,
  charset?: Charset,
): DatagramLine[] {
  if (bytes.length === 0) return [];
  const whole = bytes[bytes.length - 1] === LF ? bytes : concat([bytes, Uint8Array.of(LF)]);
  const decoder = new LineDecoder(maxLineBytes, charset);
  const lines = decoder.decode(whole).split("\n").slice(0, -1);
  const damage = decoder.takeDamage(lines.length);
  return lines.map((line, index) => ({
    text: line.endsWith("\r") ? line.slice(0, -1) : line,
    damage: damage?.get(index),
  }));
}

/**
 * Joins the first of `answers`, as many as fit into `request.length` bytes. They end as the lines
 * of the request do (LF, CR LF, or nothing for the last one), so an answer as long as its line
 * always fits. `undefined` if none does.
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
