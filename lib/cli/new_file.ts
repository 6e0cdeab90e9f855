/**
 * Writing a file so that it is there whole or not at all.
 *
 * @module
 */

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
    throw new Error(`Cannot write ${path}: ${reasonOf(error as Error)}`);
  }
}

function isNoOrdinaryFile(path: string): boolean {
  try {
    return !Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** The system's words without the call and the path that Deno puts around them. */
export function reasonOf({ message }: Error): string {
  const reason = message.replace(/ \(os error \d+\).*/s, "");
  return reason.charAt(0).toLowerCase() + reason.slice(1);
}
