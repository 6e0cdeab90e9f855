/**
 * Splits a text that is too long for one message into several, between lines.
 *
 * @module
 */

import { type BlockLimits, countLines, excessOf, toBody } from "./block.ts";

const encoder = new TextEncoder();

/** One message of such a text, filled line by line up to the limits (UTF-8 bytes and lines). */
export class BlockPart {
  readonly #limits: BlockLimits;
  readonly #lines: string[] = [];
  #count = 0;
  #bytes = 0;

  constructor(limits: BlockLimits) {
    this.#limits = limits;
  }

  /** The body of the message; `""` if all lines are blank. */
  get body(): string {
    const body = toBody(this.#lines.join("\n"));
    return body.trim() === "" ? "" : body;
  }

  /** Adds a line, in NFC, if there is room for it; returns whether there was. */
  add(line: string): boolean {
    const count = this.#count + countLines(line);
    const bytes = this.#bytes + encoder.encode(line).length;
    if (count > this.#limits.lines || bytes > this.#limits.bytes) return false;
    this.#lines.push(line);
    this.#count = count;
    // And the newline after it.
    this.#bytes = bytes + 1;
    return true;
  }
}

/** The bodies of the messages for a text; `undefined` if a single line exceeds the limits. */
export function divideText(text: string, limits: BlockLimits): string[] | undefined {
  const bodies: string[] = [];
  let part = new BlockPart(limits);
  for (const line of toBody(text.normalize("NFC")).split("\n")) {
    if (part.add(line)) continue;
    if (excessOf(line, limits) !== undefined) return undefined;
    bodies.push(part.body);
    part = new BlockPart(limits);
    part.add(line);
  }
  return [...bodies, part.body].filter((body) => body !== "");
}
