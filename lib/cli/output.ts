/**
 * The output of commands: text in large pieces, and files that appear complete or not at all.
 *
 * @module
 */

import { systemReason } from "../store/sqlite/data_directory.ts";

const encoder = new TextEncoder();

export class TextOutput {
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  #text = "";

  /** @param write Takes bytes, and resolves once it has. */
  constructor(write: (bytes: Uint8Array) => Promise<void>) {
    this.#write = write;
  }

  /** Adds text, which goes out with the next {@linkcode flush}. */
  push(text: string): void {
    this.#text += text;
  }

  /** Resolves once everything is taken. */
  async flush(): Promise<void> {
    const text = this.#text;
    this.#text = "";
    if (text !== "") await this.#write(encoder.encode(text));
  }
}

/**
 * Has `write` write a file, which takes the place of one that is there already once it is complete
 * and on disk. What is no ordinary file, a pipe for example, is written directly.
 *
 * @param write Is given a function that takes bytes.
 * @throws {Error} if it cannot be written; the message is a sentence.
 */
export async function writeNewFile(
  path: string,
  write: (take: (bytes: Uint8Array) => Promise<void>) => Promise<void>,
): Promise<void> {
  const isSpecial = isNoOrdinaryFile(path);
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

function isNoOrdinaryFile(path: string): boolean {
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
