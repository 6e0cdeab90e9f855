/**
 * Reads the text of a file that may be a pipe or a device, which need not give anything, or end:
 * whoever names one as a file of the server must not hold it up.
 *
 * @module
 */

import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { type Clock, sleep, systemClock } from "../clock.ts";

/** How long nobody may write to a pipe. */
const NO_WRITER_MS = 5_000;
/** How long all of it may take: less than commands wait for the answer of the server. */
const LIMIT_MS = 20_000;
const MOST_BYTES = 1024 * 1024;
/** Pauses between two looks at a pipe: each is twice the one before. */
const PAUSES_MS = { first: 10, longest: 200 };

export interface FileTextOptions {
  /** Ends the wait. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/**
 * Reads a file, or what a program writes to a pipe. The latter may take 20 seconds, has to begin
 * within five, and may be 1 MiB long.
 *
 * @throws {Deno.errors.NotFound} and anything else that `Deno.readTextFile` throws.
 * @throws {Error} if a pipe or a device holds it up; the message is the rest of a sentence.
 */
export async function readFileText(path: string, options: FileTextOptions = {}): Promise<string> {
  const { isFifo, isCharDevice, isBlockDevice } = await Deno.stat(path);
  if (!isFifo && !isCharDevice && !isBlockDevice) return await Deno.readTextFile(path);
  const file = await openAtOnce(path);
  try {
    return await readAll(file, isFifo === true, options);
  } finally {
    await file.close();
  }
}

async function readAll(
  file: FileHandle,
  isPipe: boolean,
  { signal, clock = systemClock }: FileTextOptions,
): Promise<string> {
  const start = clock.monotonic();
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(64 * 1024);
  let text = "";
  let length = 0;
  let pauseMs = PAUSES_MS.first;
  // A pipe that nobody has opened to write seems to be at its end.
  let hasBegun = !isPipe;
  for (;;) {
    const count = await readAtOnce(file, buffer);
    hasBegun ||= count !== 0;
    if (count === 0 && hasBegun) return text + decoder.decode();
    const waited = clock.monotonic() - start;
    if (!hasBegun && waited >= NO_WRITER_MS) {
      throw new Error("it is a pipe, and no program writes to it");
    }
    if (waited >= LIMIT_MS) {
      throw new Error(`its end did not come within ${LIMIT_MS / 1000} seconds`);
    }
    if (signal?.aborted) throw new Error("the program was interrupted");
    if (count) {
      text += decoder.decode(buffer.subarray(0, count), { stream: true });
      length += count;
      if (length > MOST_BYTES) throw new Error(`it gives more than ${MOST_BYTES} bytes`);
      pauseMs = PAUSES_MS.first;
    } else {
      await sleep(clock, pauseMs, signal);
      pauseMs = Math.min(2 * pauseMs, PAUSES_MS.longest);
    }
  }
}

/** Opens a file without waiting for a program that writes to it. `Deno.open` would wait. */
async function openAtOnce(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as { code?: string }).code !== "EACCES") throw error;
    throw new Deno.errors.PermissionDenied((error as Error).message);
  }
}

/** The bytes read; 0 if nobody writes, and `undefined` if nothing has come yet. */
async function readAtOnce(file: FileHandle, buffer: Uint8Array): Promise<number | undefined> {
  try {
    return (await file.read(buffer, 0, buffer.length, null)).bytesRead;
  } catch (error) {
    if ((error as { code?: string }).code === "EAGAIN") return undefined;
    throw error;
  }
}
