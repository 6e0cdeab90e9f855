/**
 * Chunks that a library hands over by callbacks, for somebody who reads them one after another.
 *
 * @module
 */

export class ChunkQueue {
  readonly #chunks: Uint8Array[] = [];
  #hasEnded = false;
  #wake: (() => void) | undefined;

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Whether the reader has to wait. */
  get mustWait(): boolean {
    return this.#chunks.length === 0 && !this.#hasEnded;
  }

  push(chunk: Uint8Array<ArrayBuffer>): void {
    // Not as a `Buffer`, whose `slice` makes no copy.
    this.#chunks.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
    this.#notify();
  }

  /** Notes that no chunk follows. */
  end(): void {
    this.#hasEnded = true;
    this.#notify();
  }

  /** Ends it, and drops what has not been read. */
  abandon(): void {
    this.#chunks.length = 0;
    this.end();
  }

  /** Resolves at the next chunk, or at the end. There is one reader. */
  changed(): Promise<void> {
    return new Promise((resolve) => this.#wake = resolve);
  }

  /** The next chunk, or the end if there is none. */
  take(): IteratorResult<Uint8Array, undefined> {
    const value = this.#chunks.shift();
    return value ? { value, done: false } : { value: undefined, done: true };
  }

  #notify(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
