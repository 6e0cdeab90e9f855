/**
 * A file that reserves space for a full disk: removing rows from a database means writing to it.
 *
 * @module
 */

import { log } from "../../log.ts";

const DEFAULT_BYTES = 1024 * 1024;

export class DiskReserve {
  readonly #path: string;
  readonly #bytes: number;

  /** Takes the space, if there is enough. */
  constructor(path: string, bytes = DEFAULT_BYTES) {
    this.#path = path;
    this.#bytes = bytes;
    this.hold();
  }

  /** Takes the space again, or nothing if there is not enough. */
  hold(): void {
    try {
      if (this.#size === this.#bytes) return;
      Deno.writeFileSync(this.#path, new Uint8Array(this.#bytes), { mode: 0o600 });
    } catch (error) {
      const { message } = error as Error;
      log("store").debug("Cannot reserve space for a full disk: {message}", { message });
      this.release();
    }
  }

  /** Frees the space. @returns Whether there was any to free. */
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
