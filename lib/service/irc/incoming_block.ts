/**
 * A text of several lines that a client is sending as a batch (IRCv3 draft/multiline). It becomes
 * one event, like a block that somebody pastes at another door.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { IrcMessage } from "../../codec/irc_message.ts";
import { BLOCK_BREAK } from "../chat/sentence.ts";
import type { SpokenMessage } from "./client_tags.ts";
import { CONCAT_TAG } from "./text_messages.ts";

/** Limits of one text, as announced with the capability. */
export const BLOCK_LIMITS = { bytes: 16 * 1024, lines: 200 } as const;

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
  #verb: string | undefined;
  #text = "";
  #lines = 0;
  #bytes = 0;
  readonly #cuts: number[] = [];

  /** @param opening `BATCH +NAME draft/multiline TARGET` */
  constructor(opening: IrcMessage) {
    this.opening = opening;
  }

  get name(): string {
    return this.opening.params[0].slice(1);
  }

  get target(): string {
    return this.opening.params[2];
  }

  /** The text as a message; `undefined` if there is nothing in it. */
  get message(): SpokenMessage | undefined {
    const [verb, text] = [this.#verb, this.#text];
    if (verb === undefined || text.replaceAll(BLOCK_BREAK, "") === "") return undefined;
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
    const separator = isContinued || this.#lines === 0 ? "" : BLOCK_BREAK;
    this.#bytes += Buffer.byteLength(text) + separator.length;
    if (++this.#lines > BLOCK_LIMITS.lines) {
      return tooMuch("MULTILINE_MAX_LINES", BLOCK_LIMITS.lines, "lines");
    }
    if (this.#bytes > BLOCK_LIMITS.bytes) {
      return tooMuch("MULTILINE_MAX_BYTES", BLOCK_LIMITS.bytes, "bytes");
    }
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
