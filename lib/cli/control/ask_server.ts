/**
 * The other end of the control socket: commands make their requests here. While no server runs, the
 * request is done on the data directory by this process, which locks it.
 *
 * @module
 */

import { type Clock, sleep } from "../../clock.ts";
import {
  type DataDirectory,
  DataDirectoryInUseError,
  lockDataDirectory,
  systemReason,
} from "../../store/sqlite/data_directory.ts";
import type { ByteConnection } from "../../transport/connection.ts";
import { connectPrivately, isPathTooLong } from "../../transport/private_socket.ts";
import { readControlLines, writeControlLine } from "./control_lines.ts";
import { controlPath } from "./control_socket.ts";
import type {
  ControlAnswer,
  ControlFields,
  ControlRequest,
  ControlValue,
} from "./requests/control_request.ts";

/** Longest answer, in bytes. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;
/** How long to wait for an answer. */
const ANSWER_LIMIT_MS = 30_000;
/** How long a server may take from locking the directory to opening the socket, or to stop. */
const CHANGEOVER_MS = 5000;
const RETRY_MS = 100;

export interface AskOptions {
  readonly data: string;
  readonly clock: Clock;
}

/**
 * Has the running server do a request, or does it here.
 *
 * @throws {Error} if it cannot be done; the message is a sentence that says what to do.
 */
export async function askServer(
  request: ControlRequest,
  fields: ControlFields,
  { data, clock }: AskOptions,
): Promise<ControlValue> {
  const deadline = clock.monotonic() + CHANGEOVER_MS;
  for (;;) {
    const connection = await connect(data);
    if (connection) return await ask(connection, request, fields, clock);
    if (request.needsServer) throw new Error(`No server runs on ${data}. Start one first.`);
    using directory = tryLock(data, clock.monotonic() < deadline);
    if (directory) {
      const { answerHere } = await import("./answer_here.ts");
      return await answerHere(directory, data, request, fields);
    }
    await sleep(clock, RETRY_MS);
  }
}

/** Whether a server listens on the control socket of a data directory. */
export async function isServed(data: string): Promise<boolean> {
  const connection = await connect(data);
  connection?.close();
  return connection !== undefined;
}

async function connect(data: string): Promise<ByteConnection | undefined> {
  const path = controlPath(data);
  try {
    return await connectPrivately(path);
  } catch (error) {
    // Then no server has one either.
    if (isPathTooLong(error)) return undefined;
    if (error instanceof Deno.errors.NotCapable) throw error;
    const advice = error instanceof Deno.errors.PermissionDenied
      ? ". Run this as the user of the server"
      : "";
    throw new Error(
      `Cannot reach the server at ${path}: ${systemReason(error as Error)}${advice}.`,
    );
  }
}

/** Locks the directory; returns `undefined` if another process has it and `mayWait`. */
function tryLock(data: string, mayWait: boolean): DataDirectory | undefined {
  try {
    return lockDataDirectory(data, { isBrief: true });
  } catch (error) {
    if (mayWait && error instanceof DataDirectoryInUseError) return undefined;
    throw error;
  }
}

/** Makes a request on the socket. */
async function ask(
  connection: ByteConnection,
  { name: request }: ControlRequest,
  fields: ControlFields,
  clock: Clock,
): Promise<ControlValue> {
  const cancel = clock.after(ANSWER_LIMIT_MS, () => connection.close());
  try {
    const answers = readControlLines(connection, MAX_ANSWER_BYTES);
    await writeControlLine(connection, { request, fields });
    const { value: answer } = await answers.next();
    if (answer !== undefined) return resultOf(JSON.parse(answer));
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
  } finally {
    cancel();
    connection.close();
  }
  throw new Error(
    "The server ended before it answered. Check whether it did this before you try again.",
  );
}

function isConnectionLost(error: unknown): boolean {
  return error instanceof Deno.errors.BrokenPipe || error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.BadResource || error instanceof Deno.errors.NotConnected;
}

/** @throws {Error} with the sentence, if the server refused. */
function resultOf({ result, error }: ControlAnswer): ControlValue {
  if (error) throw new Error(error.text);
  return result ?? null;
}
