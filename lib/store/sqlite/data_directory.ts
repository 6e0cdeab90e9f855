/**
 * The data directory, which one server at a time may use, and the files in it.
 *
 * @module
 */

import { type Clock, sleep } from "../../clock.ts";
import { MIGRATIONS, newerLog } from "./migrations.ts";

/** The header of a database, and where it has the version of the schema (section 1.3 of the format). */
const HEADER_BYTES = 100;
const USER_VERSION_AT = 60;

/** Where the files are in a data directory. */
export interface DataPaths {
  /** Path of the database file. */
  readonly databasePath: string;
  /** Path of the search index, which can be rebuilt from the database. */
  readonly indexPath: string;
}

/** A data directory locked by this process. */
export interface DataDirectory extends DataPaths {
  /**
   * Opens something that takes one descriptor. Not a database: when any descriptor of its file is
   * closed, the system drops all locks that SQLite holds on it in this process (fcntl(2)), and
   * another process that thinks it is alone deletes the write-ahead file.
   */
  openSpare(): Disposable;
  /** Releases the lock. */
  [Symbol.dispose](): void;
}

/** The directory is in use or cannot be used; the message is for the person at the keyboard. */
export class DataDirectoryError extends Error {
  override readonly name = "DataDirectoryError";
}

/** Another process has the directory. */
export class DataDirectoryInUseError extends DataDirectoryError {
  /** Whether it said that it needs it for a moment only. */
  readonly isBrief: boolean;

  constructor(message: string, isBrief: boolean) {
    super(message);
    this.isBrief = isBrief;
  }
}

/** After the process id in the file: its command needs the directory for a moment only. */
const BRIEFLY = "briefly";
/** How long to wait for such a command. */
const BRIEF_MS = 5000;
const RETRY_MS = 50;
/** People wait for it. */
const TAKEOVER_RETRY_MS = 2;

const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;

/**
 * Creates the directory if it does not exist, and locks it. A new directory and new files are
 * accessible to their owner only; existing ones keep their permissions. The system drops the lock
 * when the process ends, however it ends, so there are no stale locks.
 *
 * @param isBrief Whether it is for a moment only, so that others should wait.
 * @throws {DataDirectoryError}
 * @throws {Deno.errors.NotCapable} without permission to read and write there.
 */
export function lockDataDirectory(path: string, { isBrief = false } = {}): DataDirectory {
  let file: Deno.FsFile;
  try {
    Deno.mkdirSync(path, { recursive: true, mode: DIRECTORY_MODE });
    const options = { create: true, read: true, write: true, mode: FILE_MODE };
    file = Deno.openSync(`${path}/lock`, options);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new DataDirectoryError(
      `Cannot write to the data directory ${path}: ${systemReason(error as Error)}. ` +
        "Choose another with --data DIR.",
    );
  }
  if (!file.tryLockSync(true)) {
    const [holder, word] = readHolder(file);
    file.close();
    throw new DataDirectoryInUseError(
      `The data directory ${path} is in use by another Partyline` +
        `${holder && ` (process ${holder})`}. Stop that one${
          holder && ` with "kill ${holder}"`
        }, ` +
        "or choose another directory with --data DIR.",
      word === BRIEFLY,
    );
  }
  file.truncateSync();
  file.writeSync(new TextEncoder().encode(`${Deno.pid}${isBrief ? ` ${BRIEFLY}` : ""}\n`));
  return {
    ...pathsIn(path),
    openSpare: () => Deno.openSync(`${path}/lock`),
    [Symbol.dispose]: () => file.close(),
  };
}

/**
 * As {@linkcode lockDataDirectory}, after waiting for commands that need it for a moment only.
 *
 * @param leavingMs How long to wait for a server that is about to end. @default {0}
 */
export async function lockOnceFree(
  path: string,
  clock: Clock,
  leavingMs = 0,
): Promise<DataDirectory> {
  const start = clock.monotonic();
  for (;;) {
    try {
      return lockDataDirectory(path);
    } catch (error) {
      if (!(error instanceof DataDirectoryInUseError)) throw error;
      const patienceMs = error.isBrief ? BRIEF_MS : leavingMs;
      if (clock.monotonic() >= start + patienceMs) throw error;
    }
    await sleep(clock, leavingMs > 0 ? TAKEOVER_RETRY_MS : RETRY_MS);
  }
}

/** The id of the process that holds the lock, and what follows it, read from the file. */
function readHolder(file: Deno.FsFile): [holder: string, word: string] {
  const buffer = new Uint8Array(32);
  const length = file.readSync(buffer) ?? 0;
  const text = new TextDecoder().decode(buffer.subarray(0, length));
  const [, holder = "", word = ""] = /^(\d+)(?: (\w+))?\n/.exec(text) ?? [];
  return [holder, word];
}

/** The paths of the files in the data directory at `path`. */
export function pathsIn(path: string): DataPaths {
  return { databasePath: `${path}/partyline.db`, indexPath: `${path}/search.db` };
}

/**
 * Refuses a directory whose log a newer version wrote, or whose log was emptied or removed, which the
 * files beside it give away: SQLite would begin a new log, and delete the write-ahead file with what
 * may be the last copy of messages. Must be called before this process opens the log.
 *
 * @throws {DataDirectoryError}
 */
export function refuseUnusableLog(path: string): void {
  const { databasePath, indexPath } = pathsIn(path);
  if (isSpecial(databasePath)) {
    throw new DataDirectoryError(
      `Cannot open the log ${databasePath}: it is a pipe or a device. Move it away, or choose ` +
        "another directory with --data DIR.",
    );
  }
  const version = schemaVersionOf(databasePath);
  if (version > MIGRATIONS.length) {
    throw new DataDirectoryError(
      `Cannot open the log ${databasePath}: ${newerLog(version)}. Use that version, or choose ` +
        "another directory with --data DIR.",
    );
  }
  const size = sizeOf(databasePath);
  const left = [`${databasePath}-wal`, indexPath].find((file) => (sizeOf(file) ?? 0) > 0);
  if ((size ?? 0) > 0 || left === undefined) return;
  throw new DataDirectoryError(
    `Cannot open the log ${databasePath}: it is ${size === 0 ? "empty" : "missing"}, but ${left} ` +
      `belongs to a log that was there. Put that one back, or move ${path} away and restore a ` +
      "backup or start with a new log.",
  );
}

/** The `user_version` in the header of a database; 0 if it cannot be read. */
function schemaVersionOf(path: string): number {
  const header = new Uint8Array(HEADER_BYTES);
  try {
    using file = Deno.openSync(path);
    file.readSync(header);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
  }
  const isDatabase = new TextDecoder().decode(header).startsWith("SQLite format 3\0");
  return isDatabase ? new DataView(header.buffer).getUint32(USER_VERSION_AT) : 0;
}

/** Whether it is there, and opening it could wait for another program. */
function isSpecial(path: string): boolean {
  try {
    const { isFile, isDirectory } = Deno.statSync(path);
    return !isFile && !isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The size of a file in bytes; `undefined` if it does not exist. */
function sizeOf(path: string): number | undefined {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Creates an empty file for its owner only, unless it exists. SQLite then keeps its permissions, also
 * for the files beside it. Any failure is left to SQLite, which opens the file next.
 *
 * @throws {Deno.errors.NotCapable} without permission to write there.
 */
export function createPrivateFile(path: string): void {
  try {
    Deno.openSync(path, { write: true, createNew: true, mode: FILE_MODE }).close();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
  }
}

/** Whether every user of the machine can read the log in a data directory. */
export function isReadableByAll(path: string): boolean {
  const { databasePath } = pathsIn(path);
  const modes = [Deno.statSync(path).mode, Deno.statSync(databasePath).mode];
  return ((modes[0] ?? 0) & 0o001) !== 0 && ((modes[1] ?? 0) & 0o004) !== 0;
}

/** Removes a file if it exists. */
export function removeFile(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** The reason given by the system, without the call and path that Deno adds. */
export function systemReason(error: Error): string {
  if (error instanceof Deno.errors.AlreadyExists) return "the file exists already";
  const reason = error.message.replace(/ \(os error \d+\).*/s, "");
  return reason.charAt(0).toLowerCase() + reason.slice(1);
}
