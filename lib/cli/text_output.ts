/**
 * Text on its way out, gathered so that it goes in few and large pieces.
 *
 * @module
 */

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
