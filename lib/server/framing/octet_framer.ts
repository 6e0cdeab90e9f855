/**
 * The messages of a connection that uses octet counting, as lines. A message may contain newlines.
 *
 * @module
 */

import type { Charset } from "../../codec/charset.ts";
import type { LineDamage } from "../../codec/line_decoder.ts";
import { type FrameLoss, OctetCountDecoder } from "../../codec/octet_count_decoder.ts";
import { decodeWhole } from "../../codec/utf8.ts";
import type { Framer, LineBatch } from "./framer.ts";

export interface OctetFramerOptions {
  /** Sees every chunk first; what it returns is framed. */
  readonly filter: (chunk: Uint8Array) => Uint8Array;
  /** Longest message in bytes. */
  readonly maxLineBytes: number;
  /** The encoding of lines that are not UTF-8. @default {UTF-8} */
  readonly charset?: Charset;
}

/** The messages of one connection. */
export class OctetFramer implements Framer {
  isWaiting = false;
  readonly isOctetCounted = true;
  readonly #bytes: AsyncIterator<Uint8Array>;
  readonly #filter: (chunk: Uint8Array) => Uint8Array;
  readonly #decoder: OctetCountDecoder;
  readonly #charset: Charset | undefined;

  constructor(bytes: AsyncIterable<Uint8Array>, options: OctetFramerOptions) {
    const { filter, maxLineBytes } = options;
    this.#bytes = bytes[Symbol.asyncIterator]();
    this.#charset = options.charset;
    this.#filter = filter;
    this.#decoder = new OctetCountDecoder(maxLineBytes);
  }

  async read(): Promise<LineBatch | undefined> {
    const lines: string[] = [];
    const damage = new Map<number, LineDamage>();
    const take = (bytes: Uint8Array, loss: FrameLoss | undefined) => {
      const { text, repairs } = this.#charset?.decode(bytes) ?? decodeWhole(bytes);
      const own = damageOf(loss, repairs);
      if (own) damage.set(lines.length, own);
      lines.push(withoutLineEnd(text));
    };
    while (lines.length === 0) {
      this.isWaiting = true;
      const { value, done } = await this.#bytes.next();
      this.isWaiting = false;
      if (!done) {
        this.#decoder.push(this.#filter(value), take);
        continue;
      }
      this.#decoder.finish(take);
      if (lines.length === 0) return undefined;
    }
    return { lines, damage: damage.size > 0 ? damage : undefined };
  }

  async discard(): Promise<void> {
    while (!(await this.#bytes.next()).done);
  }
}

function damageOf(loss: FrameLoss | undefined, repairs: number): LineDamage | undefined {
  if (!loss && repairs === 0) return undefined;
  const { cutBytes = 0, missingBytes = 0 } = loss ?? {};
  return { cutBytes, repairs, ...(missingBytes > 0 ? { missingBytes } : {}) };
}

/** Some senders add the newline that they would send without counting, and count it. */
function withoutLineEnd(text: string): string {
  if (text.endsWith("\r\n")) return text.slice(0, -2);
  return text.endsWith("\n") || text.endsWith("\r") ? text.slice(0, -1) : text;
}
