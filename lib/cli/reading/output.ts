/**
 * The output of commands: text in large pieces, and files that appear complete or not at all.
 *
 * @module
 */

import { systemReason } from "../../store/sqlite/data_directory.ts";

const encoder = new TextEncoder();

/** Buffers text and writes it in few, large pieces. */
export class TextOutput {
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  #text = "";

  /** @param write Resolves once the bytes are written. */
  constructor(write: (bytes: Uint8Array) => Promise<void>) {
    this.#write = write;
  }

  /** Adds text, which the next {@linkcode flush} writes. */
  push(text: string): void {
    this.#text += text;
  }

  /** Writes the buffered text, and resolves once it is written. */
  async flush(): Promise<void> {
    const text = this.#text;
    this.#text = "";
    if (text !== "") await this.#write(encoder.encode(text));
  }
}

/**
 * Writes a file that appears under its name once it is complete and on disk. Anything but a regular
 * file, such as a pipe, is written directly.
 *
 * @param write Called with a function that writes bytes.
 * @throws {Error} if it cannot be written; the message is a sentence.
 */
export async function writeNewFile(
  path: string,
  write: (take: (bytes: Uint8Array) => Promise<void>) => Promise<void>,
): Promise<void> {
  const isSpecial = isSpecialFile(path);
  const partial = isSpecial ? path : `${path}.partial`;
  try {
    using file = await Deno.open(partial, { write: true, create: true, truncate: !isSpecial });
    await write(async (bytes) => {
      for (let sent = 0; sent < bytes.length;) sent += await file.write(bytes.subarray(sent));
    });
    if (isSpecial) return;
    await file.sync();
    await Deno.rename(partial, path);
  } catch (error) {
    if (!isSpecial) await Deno.remove(partial).catch(() => {});
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new Error(`Cannot write ${path}: ${systemReason(error as Error)}`);
  }
}

/** Whether there is something at `path` that is not a regular file, such as a pipe or a device. */
export function isSpecialFile(path: string): boolean {
  try {
    return !Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** @throws {Error} with that message if there is anything at `path`. */
export function refuseExisting(path: string, message: string): void {
  try {
    Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  throw new Error(message);
}
