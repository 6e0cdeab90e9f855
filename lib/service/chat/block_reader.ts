/**
 * Reads messages of several lines at line doors: a line of three or more `"` begins one, and the same
 * line ends it. `/msg ann """` begins the text of a command.
 *
 * @module
 */

import { type BlockLimits, excessSoFar, toBody } from "../../domain/block.ts";
import type { LineDamage } from "../../codec/line_decoder.ts";

const FENCE = '"""';
const OPENING = /^(\/.*\s)?("{3,})$/;
const encoder = new TextEncoder();

/** A block that has ended. */
export interface TypedBlock {
  /** The beginning of a command, such as `/msg ann `; `""` for something said in the room. */
  readonly command: string;
  readonly text: string;
  /** The number of lines that were read. */
  readonly lines: number;
  /** Places where the lines were not UTF-8. */
  readonly repairs: number;
}

interface OpenBlock {
  readonly command: string;
  readonly fence: string;
  readonly lines: string[];
  bytes: number;
  repairs: number;
  /** Whether it has been refused, so that the rest of it is passed over. */
  isRefused: boolean;
}

export class BlockReader {
  readonly #limits: BlockLimits;
  readonly #takesBlock: (command: string) => boolean;
  #block: OpenBlock | undefined;

  /** @param takesBlock Whether a command, as typed up to its text, may have a text of several lines. */
  constructor(limits: BlockLimits, takesBlock: (command: string) => boolean) {
    this.#limits = limits;
    this.#takesBlock = takesBlock;
  }

  get isOpen(): boolean {
    return this.#block !== undefined;
  }

  /** Begins a block, if the line does that; returns whether it does. */
  open(line: string): boolean {
    if (!line.endsWith(FENCE)) return false;
    const [, command = "", fence] = OPENING.exec(line) ?? [];
    if (fence === undefined || command !== "" && !this.#takesBlock(command)) return false;
    this.#block = { command, fence, lines: [], bytes: 0, repairs: 0, isRefused: false };
    return true;
  }

  /**
   * Takes a line of the open block.
   *
   * @returns `"more"` until it ends; a sentence once, if the block is refused; then the block, or
   * `undefined` if there is nothing to say.
   */
  take(line: string, damage?: LineDamage): "more" | { readonly refusal: string } | {
    readonly block: TypedBlock | undefined;
  } {
    const block = this.#block!;
    if (line === block.fence) return { block: this.end() };
    if (block.isRefused) return "more";
    block.lines.push(line);
    block.bytes += encoder.encode(line).length + 1;
    block.repairs += damage?.repairs ?? 0;
    const refusal = this.#refusalOf(block, damage);
    if (refusal === undefined) return "more";
    block.isRefused = true;
    block.lines.length = 0;
    return { refusal: `${refusal} Nothing of it was sent; send it in parts.` };
  }

  /** Ends the block, whose author may have left: returns what there is of it. */
  end(): TypedBlock | undefined {
    const block = this.#block;
    this.#block = undefined;
    if (!block) return undefined;
    const text = toBody(block.lines.join("\n"));
    const { command, repairs, lines: { length: lines } } = block;
    return text.trim() === "" ? undefined : { command, text, lines, repairs };
  }

  #refusalOf({ lines, bytes }: OpenBlock, damage: LineDamage | undefined): string | undefined {
    if (damage && damage.cutBytes > 0) return "A line of that message is too long.";
    // Most blocks are small, and need not be joined after each line.
    const isSmall = bytes <= this.#limits.bytes && lines.length <= this.#limits.lines;
    return isSmall ? undefined : excessSoFar(lines, this.#limits);
  }
}

/**
 * The lines with which {@linkcode BlockReader} reads a text as one message.
 *
 * @param command The beginning of a command, or `""`.
 */
export function blockLines(command: string, text: string): string[] {
  const lines = text.split("\n");
  const isFence = (line: string) => /^"{3,}$/.test(line);
  const longest = Math.max(FENCE.length - 1, ...lines.filter(isFence).map(({ length }) => length));
  const fence = '"'.repeat(longest + 1);
  return [command + fence, ...lines, fence];
}
