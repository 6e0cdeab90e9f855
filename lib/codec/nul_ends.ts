/**
 * NUL as the end of a syslog message on a stream (RFC 6587 section 3.4.2), which some senders use
 * in place of a newline.
 *
 * @module
 */

const NUL = 0x00;
const LF = 0x0a;
const LESS_THAN = 0x3c;
const GREATER_THAN = 0x3e;
const ZERO = 0x30;
const NINE = 0x39;
const MOST_DIGITS = 3;

/**
 * Turns the NULs of one stream into newlines, if the stream begins with the priority of a syslog
 * message, `<0>` to `<999>`. The NULs of other streams are part of their text.
 */
export class NulEnds {
  /** Whether the stream is syslog; `undefined` until that is known. */
  #isSyslog: boolean | undefined;
  /** Bytes that match the beginning of a priority. */
  #matched = 0;
  /** Whether the last byte was a NUL, so that a newline after it belongs to the same end. */
  #endsInNul = false;

  /** Returns the chunk itself if nothing changes in it, otherwise a new array. */
  apply(chunk: Uint8Array): Uint8Array {
    if (this.#isSyslog === undefined) this.#match(chunk);
    if (!this.#isSyslog || chunk.length === 0) return chunk;
    if (!this.#endsInNul && chunk.indexOf(NUL) === -1) return chunk;
    const text = new Uint8Array(chunk.length);
    let length = 0;
    for (const byte of chunk) {
      if (!(this.#endsInNul && byte === LF)) text[length++] = byte === NUL ? LF : byte;
      this.#endsInNul = byte === NUL;
    }
    return text.subarray(0, length);
  }

  #match(chunk: Uint8Array): void {
    for (const byte of chunk) {
      const digits = this.#matched - 1;
      const isDigit = byte >= ZERO && byte <= NINE;
      if (digits >= 1 && byte === GREATER_THAN) this.#isSyslog = true;
      else if (this.#matched === 0 ? byte !== LESS_THAN : !isDigit || digits >= MOST_DIGITS) {
        this.#isSyslog = false;
      }
      if (this.#isSyslog !== undefined) return;
      this.#matched++;
    }
  }
}
