/**
 * A file that takes up space so that there is some to be had on a full disk: to remove something
 * from a database one has to write to it first.
 *
 * @module
 */

import { log } from "../../log.ts";

const DEFAULT_BYTES = 1024 * 1024;

export class DiskReserve {
  readonly #path: string;
  readonly #bytes: number;

  /** Takes up the space, if there is any. */
  constructor(path: string, bytes = DEFAULT_BYTES) {
    this.#path = path;
    this.#bytes = bytes;
    this.hold();
  }

  /** Takes up the space again; where there is none, or not enough, it takes none. */
  hold(): void {
    try {
      if (this.#size === this.#bytes) return;
      Deno.writeFileSync(this.#path, new Uint8Array(this.#bytes));
    } catch (error) {
      const { message } = error as Error;
      log("store").debug("Cannot keep space for a full disk: {message}", { message });
      this.release();
    }
  }

  /** Frees the space; returns whether there was any. */
  release(): boolean {
    const hadSpace = this.#size > 0;
    try {
      Deno.removeSync(this.#path);
    } catch {
      return false;
    }
    return hadSpace;
  }

  get #size(): number {
    try {
      return Deno.statSync(this.#path).size;
    } catch {
      return 0;
    }
  }
}
