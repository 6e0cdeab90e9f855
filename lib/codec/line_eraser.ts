/**
 * Applies Backspace and Ctrl-U to typed bytes.
 *
 * For clients that edit lines but send keys while the line is hidden, such as TinTin++ and busybox.
 *
 * @module
 */

const BACKSPACE = 0x08;
const LF = 0x0a;
const CONTROL_U = 0x15;
const DELETE = 0x7f;

export class LineEraser {
  readonly #maxBytes: number;
  /** The unfinished line. */
  #line: number[] = [];

  /**
   * @param maxBytes Longest line that is held back for erasing; the bytes of a longer one pass as
   * they arrive.
   */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Takes bytes in any pieces, and returns the finished lines, each with its end. */
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

  /** Returns the unfinished line, and forgets it. */
  end(): Uint8Array {
    return Uint8Array.from(this.#line.splice(0));
  }

  #eraseCharacter(): void {
    // All bytes of a UTF-8 character except the first begin with the bits 10.
    while (((this.#line.pop() ?? 0) & 0xc0) === 0x80);
  }
}
