/**
 * The lines that a person types. Questions are answered by the next one, unless that takes too long
 * or the person does not want to answer.
 *
 * @module
 */

import type { LineCursor } from "../../../server/framing/line_cursor.ts";

type Lines = Pick<LineCursor, "next" | "nextNow">;

export class TypedLines {
  readonly #lines: Lines;
  /** A line that was waited for in vain. */
  #coming: Promise<IteratorResult<string>> | undefined;

  constructor(lines: Lines) {
    this.#lines = lines;
  }

  /** The next line, if it need not be waited for. */
  nextNow(): string | undefined {
    return this.#coming ? undefined : this.#lines.nextNow();
  }

  next(): Promise<IteratorResult<string>> {
    const next = this.#coming ?? this.#lines.next();
    this.#coming = undefined;
    return next;
  }

  /** The next line, unless `end` resolves first; the line is left to the next call then. */
  async nextBefore<End>(end: Promise<End>): Promise<IteratorResult<string> | End> {
    const coming = this.#coming = this.next();
    const first = await Promise.race([coming.then((line) => ({ line })), end]);
    if (!isLine(first)) return first;
    this.#coming = undefined;
    return first.line;
  }
}

function isLine<End>(
  first: { line: IteratorResult<string> } | End,
): first is { line: IteratorResult<string> } {
  return typeof first === "object" && first !== null && "line" in first;
}
