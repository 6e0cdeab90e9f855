/** Reading a stream up to a text, without waiting for its end. */

import { within } from "./patience.ts";

/**
 * Reads until a text has come; returns everything read.
 *
 * @throws {Error} if the stream ends before.
 */
export async function readUntil(
  reader: ReadableStreamDefaultReader<string | Uint8Array>,
  text: string,
): Promise<string> {
  const decoder = new TextDecoder();
  let read = "";
  while (!read.includes(text)) {
    const { value, done } = await within(text, reader.read());
    if (done) throw new Error(`The stream ended before ${text}: ${read.slice(-500)}`);
    read += typeof value === "string" ? value : decoder.decode(value, { stream: true });
  }
  return read;
}
