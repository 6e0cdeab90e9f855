/**
 * Cuts text into pieces that fit the lines of IRC.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { graphemeStart } from "../../../codec/grapheme.ts";

/** Longest word that is kept whole, as a part of the piece. */
const LONGEST_TAIL = 1 / 3;

/**
 * Splits a text into pieces of at most `maxBytes` bytes of UTF-8 each. It cuts after a space if
 * there is one in the last third of a piece, and otherwise between two characters as people see
 * them; the pieces joined are the text.
 *
 * @param maxBytes At least 4, the size of the largest character.
 * @returns At least one piece; one empty piece for an empty text.
 */
export function splitText(text: string, maxBytes: number): string[] {
  if (maxBytes < 4) throw new RangeError(`Cannot split text: ${maxBytes} bytes hold no character`);
  const pieces: string[] = [];
  let start = 0;
  while (start < text.length) {
    // Each UTF-16 unit has at least one byte; two more tell whether a character goes on.
    const window = text.slice(start, start + maxBytes + 2);
    const isRest = start + window.length === text.length;
    if (isRest && Buffer.byteLength(window) <= maxBytes) break;
    const piece = window.slice(0, findCut(window, fittingLength(window, maxBytes)));
    pieces.push(piece);
    start += piece.length;
  }
  if (start < text.length || pieces.length === 0) pieces.push(text.slice(start));
  return pieces;
}

/** The length of the longest beginning that fits, in whole code points. */
function fittingLength(text: string, maxBytes: number): number {
  let bytes = 0;
  let length = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    length += character.length;
  }
  return length;
}

/** Where to cut a text before index `end`. */
function findCut(text: string, end: number): number {
  const space = text.lastIndexOf(" ", end - 1);
  if (space >= end * (1 - LONGEST_TAIL)) return space + 1;
  // The grapheme that contains the last character may go on after the end.
  const start = end < text.length ? graphemeStart(text, end + 1) : end;
  // A single grapheme may be longer than a line: a letter may have any number of marks.
  return start > 0 ? start : end;
}
