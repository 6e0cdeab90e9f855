/**
 * The directory that one server has to itself, and the files in it.
 *
 * @module
 */

/** A data directory that is locked for this process. */
export interface DataDirectory {
  /** Path of the database file. */
  readonly databasePath: string;
  /** Path of the search index, which is made from the database. */
  readonly indexPath: string;
  /** Lets other processes have it. */
  [Symbol.dispose](): void;
}

/** The directory has another server, or cannot be used; the message is for the person who started this one. */
export class DataDirectoryError extends Error {
  override readonly name = "DataDirectoryError";
}

/**
 * Creates the directory if need be and locks it. The system drops the lock when the process dies,
 * however it dies, so that no stale lock is ever in the way.
 *
 * @throws {DataDirectoryError}
 * @throws {Deno.errors.NotCapable} without permission to read and write there.
 */
export function lockDataDirectory(path: string): DataDirectory {
  let file: Deno.FsFile;
  try {
    Deno.mkdirSync(path, { recursive: true });
    file = Deno.openSync(`${path}/lock`, { create: true, read: true, write: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new DataDirectoryError(
      `Cannot write to the data directory ${path}: ${systemReason(error as Error)}. ` +
        "Choose another with --data DIR.",
    );
  }
  if (!file.tryLockSync(true)) {
    file.close();
    throw new DataDirectoryError(
      `The data directory ${path} is in use by another Partyline. ` +
        "Stop that one, or choose another directory with --data DIR.",
    );
  }
  return { ...pathsIn(path), [Symbol.dispose]: () => file.close() };
}

/** Where things are in the data directory at `path`. */
export function pathsIn(path: string): Pick<DataDirectory, "databasePath" | "indexPath"> {
  return { databasePath: `${path}/partyline.db`, indexPath: `${path}/search.db` };
}

/** Removes a file, if it is there. */
export function removeFile(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** The reason that the system gave, without the call and the path that Deno puts around it. */
export function systemReason(error: Error): string {
  if (error instanceof Deno.errors.AlreadyExists) return "there is a file of that name";
  const reason = error.message.replace(/ \(os error \d+\).*/s, "");
  return reason.charAt(0).toLowerCase() + reason.slice(1);
}
