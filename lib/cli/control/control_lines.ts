/**
 * Lines of JSON on the control socket, at both ends.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import type { ByteConnection } from "../../transport/connection.ts";

const LF = 0x0a;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** A line that is too long or not UTF-8. The message is a sentence. */
export class ControlLineError extends Error {
  override readonly name = "ControlLineError";
}

/**
 * The lines that a peer sends. What follows the last newline is dropped: the peer was killed in the
 * middle of a request.
 *
 * @throws {ControlLineError} if there is more than `maxBytes` without a newline, or no UTF-8.
 */
export async function* readControlLines(
  { bytes }: Pick<ByteConnection, "bytes">,
  maxBytes: number,
): AsyncGenerator<string> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    let start = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      checkLength(length + end - start, maxBytes);
      parts.push(chunk.subarray(start, end));
      yield decode(concat(parts));
      parts = [];
      length = 0;
      start = end + 1;
    }
    length += chunk.length - start;
    checkLength(length, maxBytes);
    // The buffer of a chunk is reused.
    if (start < chunk.length) parts.push(chunk.slice(start));
  }
}

/** Sends a value as one line. @throws {Error} if the peer is gone. */
export async function writeControlLine(connection: ByteConnection, value: unknown): Promise<void> {
  const bytes = encoder.encode(`${JSON.stringify(value)}\n`);
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

function checkLength(length: number, maxBytes: number): void {
  if (length > maxBytes) throw new ControlLineError(`A line may have at most ${maxBytes} bytes.`);
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new ControlLineError("A line must be valid UTF-8.");
  }
}
