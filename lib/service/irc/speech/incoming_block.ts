/**
 * A text of several lines that a client is sending as a batch (IRCv3 draft/multiline). It becomes
 * one event, like a block that somebody pastes at another door.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { IrcMessage } from "../../../codec/irc_message.ts";
import { type BlockLimits, toBody } from "../../../domain/text/block.ts";
import type { SpokenMessage } from "../lines/client_tags.ts";
import { CONCAT_TAG } from "../lines/text_messages.ts";

/** Why a batch is refused: a code of IRCv3, what it is about, and a sentence. */
export interface BlockRefusal {
  readonly code: string;
  readonly context: readonly string[];
  readonly sentence: string;
}

export class IncomingBlock {
  /** The line that opened it: its label and its client-only tags are those of the text. */
  readonly opening: IrcMessage;
  /** Whether it has been refused, so that the rest of it is passed over. */
  isRefused = false;
  readonly #limits: BlockLimits;
  #verb: string | undefined;
  #text = "";
  #lines = 0;
  #bytes = 0;
  readonly #cuts: number[] = [];

  /**
   * @param opening `BATCH +NAME draft/multiline TARGET`
   * @param limits As announced with the capability.
   */
  constructor(opening: IrcMessage, limits: BlockLimits) {
    this.opening = opening;
    this.#limits = limits;
  }

  get name(): string {
    return this.opening.params[0].slice(1);
  }

  get target(): string {
    return this.opening.params[2];
  }

  /** How many lines have been taken. */
  get lines(): number {
    return this.#lines;
  }

  /** The text as a message; `undefined` if there is nothing in it. */
  get message(): SpokenMessage | undefined {
    const [verb, text] = [this.#verb, this.#text];
    if (verb === undefined || toBody(text) === "") return undefined;
    // Composing characters would move the cuts.
    const cuts = text === text.normalize("NFC") ? this.#cuts : [];
    return { ...this.opening, verb, params: [this.target, text], cuts };
  }

  /** Takes the next line, or says why not. */
  take({ verb, tags, params: [target = "", text = ""] }: IrcMessage): BlockRefusal | undefined {
    const isContinued = tags.has(CONCAT_TAG);
    if (tags.get("batch") !== this.name) {
      return invalid("There is another batch open. Send the lines of one batch at a time.");
    }
    if (target.toLowerCase() !== this.target.toLowerCase()) {
      return {
        code: "MULTILINE_INVALID_TARGET",
        context: [this.target, target || "*"],
        sentence: "All lines of a batch must have the target of the batch.",
      };
    }
    if (isContinued && (text === "" || this.#lines === 0)) {
      return invalid(`A line with ${CONCAT_TAG} must have text, and continue another line.`);
    }
    this.#verb ??= verb;
    if (verb !== this.#verb) return invalid("All lines of a batch must have the same verb.");
    const separator = isContinued || this.#lines === 0 ? "" : "\n";
    this.#bytes += Buffer.byteLength(text) + separator.length;
    const { lines, bytes } = this.#limits;
    if (++this.#lines > lines) return tooMuch("MULTILINE_MAX_LINES", lines, "lines");
    if (this.#bytes > bytes) return tooMuch("MULTILINE_MAX_BYTES", bytes, "bytes");
    if (isContinued) this.#cuts.push(this.#text.length);
    this.#text += separator + text;
    return undefined;
  }
}

/** A refusal for which IRCv3 has no code of its own. */
export function invalid(sentence: string): BlockRefusal {
  return { code: "MULTILINE_INVALID", context: [], sentence };
}

function tooMuch(code: string, limit: number, what: string): BlockRefusal {
  const sentence = `A batch has at most ${limit} ${what}. Nothing was sent; send it in parts.`;
  return { code, context: [String(limit)], sentence };
}
