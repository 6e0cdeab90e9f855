/**
 * Takes Backspace and Ctrl-U out of what is typed, with what they take back.
 *
 * For clients that edit lines, and send keys all the same while they are not to show them: TinTin++
 * and busybox do.
 *
 * @module
 */

const BACKSPACE = 0x08;
const LF = 0x0a;
const CONTROL_U = 0x15;
const DELETE = 0x7f;

export class LineEraser {
  readonly #maxBytes: number;
  /** The line that is not finished. */
  #line: number[] = [];

  /** @param maxBytes So many of a line are kept; what is longer passes as it comes. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Takes bytes, however cut, and returns the lines that are finished, each with its end. */
  feed(bytes: Uint8Array): Uint8Array {
    const finished: number[] = [];
    for (const byte of bytes) {
      if (byte === BACKSPACE || byte === DELETE) this.#eraseCharacter();
      else if (byte === CONTROL_U) this.#line.length = 0;
      else this.#line.push(byte);
      if (byte !== LF && this.#line.length <= this.#maxBytes) continue;
      for (const part of this.#line) finished.push(part);
      this.#line.length = 0;
    }
    return Uint8Array.from(finished);
  }

  /** Returns what has been typed of the next line. */
  end(): Uint8Array {
    return Uint8Array.from(this.#line);
  }

  #eraseCharacter(): void {
    // All bytes of a character in UTF-8 but the first one begin with the bits 10.
    while (((this.#line.pop() ?? 0) & 0xc0) === 0x80);
  }
}
