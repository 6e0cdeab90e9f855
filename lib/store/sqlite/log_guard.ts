/**
 * Notices that somebody has removed or replaced the file of the log while the server has it open.
 * SQLite does not: it keeps writing to a file that has no name any more and vanishes with the
 * process.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import { LogLostError } from "../../domain/log_error.ts";
import { log } from "../../log.ts";

/** Milliseconds between checks while nothing is written. */
const INTERVAL_MS = 1000;

/** A file that SQLite has open. */
interface OpenFile {
  readonly path: string;
  readonly dev: number;
  readonly ino: number | null;
  readonly leastBytes: number;
}

export class LogGuard {
  readonly #path: string;
  readonly #files: readonly OpenFile[];
  #isLost = false;
  /** Called when the log is gone, and when it is back. */
  onChange: ((isLost: boolean) => void) | undefined;

  /** @param path The file of the log, which is open. */
  constructor(path: string) {
    this.#path = path;
    // Without the write-ahead file, the latest commits are missing.
    this.#files = [...openFile(path, 1), ...openFile(`${path}-wal`, 0)];
  }

  /**
   * Whether the log is no longer in its place. Checked for each commit, which takes microseconds.
   */
  get isLost(): boolean {
    const missing = this.#files.find((file) => !isInPlace(file));
    if ((missing !== undefined) !== this.#isLost) this.#note(missing);
    return this.#isLost;
  }

  /** @throws {LogLostError} if the log is no longer in its place. */
  check(): void {
    if (this.isLost) throw new LogLostError();
  }

  /** Checks every second, even while nothing is written, until the result is disposed. */
  watch(clock: Clock): Disposable {
    let cancel = () => {};
    const look = () => {
      void this.isLost;
      cancel = clock.after(INTERVAL_MS, look);
    };
    look();
    return { [Symbol.dispose]: () => cancel() };
  }

  #note(missing: OpenFile | undefined): void {
    this.#isLost = missing !== undefined;
    if (missing) {
      log("store").error(
        "{path} was removed or replaced, so nothing is kept. Put the file back, or stop the " +
          "server, restore a backup and start it again",
        { path: missing.path },
      );
    } else {
      log("store").info("{path} is back, and messages are kept again", { path: this.#path });
    }
    this.onChange?.(this.#isLost);
  }
}

function openFile(path: string, leastBytes: number): OpenFile[] {
  try {
    const { dev, ino } = Deno.statSync(path);
    return [{ path, dev, ino, leastBytes }];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Whether a file is still the one that was opened, and was not emptied. */
function isInPlace({ path, dev, ino, leastBytes }: OpenFile): boolean {
  try {
    const file = Deno.statSync(path);
    return file.dev === dev && file.ino === ino && file.size >= leastBytes;
  } catch (error) {
    // A file that cannot be examined exists.
    return !(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory);
  }
}
