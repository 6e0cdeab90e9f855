/**
 * Bytes as they arrive, for `framing=raw`: each chunk is logged at once, for example the prompt of
 * a serial console, which no newline follows.
 *
 * @module
 */

import type { Charset } from "../../codec/charset.ts";
import { CharsetStreamDecoder } from "../../codec/charset_decoder.ts";
import type { LineDamage } from "../../codec/line_decoder.ts";
import { type StreamDecoder, Utf8Decoder } from "../../codec/utf8.ts";
import type { LineBatch } from "../../server/framing/framer.ts";

/**
 * The lines of each chunk, including an unfinished last one.
 *
 * @param charset What a stream that is not UTF-8 is written in. @default {UTF-8}
 */
export async function* rawLines(
  chunks: AsyncIterable<Uint8Array>,
  charset?: Charset,
): AsyncGenerator<LineBatch> {
  const decoder = charset ? new CharsetStreamDecoder(charset) : new Utf8Decoder();
  for await (const chunk of chunks) {
    const batch = batchOf(decoder.decode(chunk, 0), decoder);
    if (batch) yield batch;
  }
  const batch = batchOf(decoder.finish(0), decoder);
  if (batch) yield batch;
}

function batchOf(text: string, decoder: StreamDecoder): LineBatch | undefined {
  if (text === "") return undefined;
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  const damage = new Map<number, LineDamage>();
  for (const { line, count } of decoder.repairs.splice(0)) {
    damage.set(Math.min(line, lines.length - 1), { cutBytes: 0, repairs: count });
  }
  return { lines, damage: damage.size > 0 ? damage : undefined };
}
