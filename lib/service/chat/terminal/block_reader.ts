/**
 * Reads messages of several lines at line doors: a line of three or more `"` begins one, and the same
 * line ends it. `/msg ann """` begins the text of a command.
 *
 * @module
 */

import type { LineDamage } from "../../../codec/line_decoder.ts";
import { type BlockLimits, excessOf } from "../../../domain/text/block.ts";
import { BlockPart } from "../../../domain/text/block_part.ts";

const FENCE = '"""';
const OPENING = /^(\/.*\s)?("{3,})$/;

/** A whole block, or a part of one that fills a message. */
export interface TypedBlock {
  /** The beginning of a command, such as `/msg ann `; `""` for something said in the room. */
  readonly command: string;
  /** `""` if there is nothing to say. */
  readonly text: string;
  /** The number of lines that were read. */
  readonly lines: number;
  /** Places where the lines were not UTF-8. */
  readonly repairs: number;
}

/** The result of a line of a block. */
export interface BlockStep {
  /** The message to say now. */
  readonly block?: TypedBlock;
  /** A sentence for the author. */
  readonly notice?: string;
  /** A sentence about a line that cannot be said. */
  readonly problem?: string;
}

interface OpenBlock {
  readonly command: string;
  readonly fence: string;
  /** How many lines have come. */
  count: number;
  part: BlockPart;
  /** Of the part. */
  lines: number;
  repairs: number;
  /** Whether a part has been handed out, and whether its author knows that there are several. */
  hasParts: boolean;
  isTold: boolean;
  /** Whether the rest of it is passed over. */
  isCancelled: boolean;
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

  /** The beginning of the command that the open block is for; `""` for none. */
  get command(): string {
    return this.#block?.command ?? "";
  }

  /** Whether the remaining lines are discarded. */
  get isCancelled(): boolean {
    return this.#block?.isCancelled ?? false;
  }

  /** Begins a block, if the line does that; returns whether it does. */
  open(line: string): boolean {
    if (!line.endsWith(FENCE)) return false;
    const [, command = "", fence] = OPENING.exec(line) ?? [];
    if (fence === undefined || command !== "" && !this.#takesBlock(command)) return false;
    const flags = { hasParts: false, isTold: false, isCancelled: false };
    const part = new BlockPart(this.#limits);
    this.#block = { command, fence, count: 0, part, lines: 0, repairs: 0, ...flags };
    return true;
  }

  /** Takes a line of the open block. A block that is too long for one message becomes several. */
  take(line: string, damage?: LineDamage): BlockStep {
    const block = this.#block!;
    if (line === block.fence) return { block: this.end() };
    if (block.isCancelled) return {};
    block.count++;
    block.lines++;
    const text = line.normalize("NFC");
    if (damage && damage.cutBytes > 0 || excessOf(text, this.#limits) !== undefined) {
      const problem = `Line ${block.count} is too long for a message and was left out; ` +
        "the other lines are sent.";
      // Lines that are left out must count for flood control, too.
      const isFull = block.lines > this.#limits.lines;
      return { problem, block: isFull ? this.#handOut(block) : undefined };
    }
    const full = block.part.add(text) ? undefined : this.#handOut(block);
    if (full) block.part.add(text);
    block.repairs += damage?.repairs ?? 0;
    if (!block.hasParts || block.isTold || text.trim() === "") return { block: full };
    block.isTold = true;
    return { block: full, notice: "That is too long for one message, so it is sent as several." };
  }

  /** Ends the block, perhaps because its author left; returns what has not been handed out. */
  end(): TypedBlock | undefined {
    const block = this.#block;
    this.#block = undefined;
    return block && !block.isCancelled ? toSay(block) : undefined;
  }

  /**
   * Drops what has not been handed out. If a part has been, the remaining lines may be on their way
   * already, and are discarded up to the end of the block.
   *
   * @returns What to tell the author.
   */
  cancel(): string {
    const { hasParts, fence } = this.#block!;
    if (hasParts) this.#block!.isCancelled = true;
    else this.#block = undefined;
    return hasParts
      ? `Cancelled. The rest, up to the next ${fence}, is not sent.`
      : "Cancelled. Nothing of that message was sent.";
  }

  /** Begins the next part with the line that came last; returns the one before. */
  #handOut(block: OpenBlock): TypedBlock {
    block.lines--;
    const full = toSay(block);
    block.part = new BlockPart(this.#limits);
    block.lines = 1;
    block.repairs = 0;
    block.hasParts ||= full.text !== "";
    return full;
  }
}

function toSay({ command, part: { body: text }, lines, repairs }: OpenBlock): TypedBlock {
  return { command, text, lines, repairs };
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
