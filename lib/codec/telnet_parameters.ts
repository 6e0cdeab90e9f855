/**
 * Collects one telnet sub-negotiation, byte by byte, up to a limit.
 *
 * @module
 */

/**
 * Longest sub-negotiation, including the option number; those that we understand take under 60
 * bytes.
 */
const MAX_BYTES = 1024;
/** Room for those. It may grow fourfold, up to two times. */
const FIRST_BYTES = 64;

/**
 * The option and parameters between IAC SB and IAC SE (RFC 855), with each doubled IAC reduced to
 * one.
 */
export class TelnetParameters {
  #bytes: Uint8Array | undefined = new Uint8Array(FIRST_BYTES);
  #length = 0;

  /**
   * The collected bytes, or `undefined` if there were too many: a part of them could mean something
   * else.
   */
  get bytes(): Uint8Array | undefined {
    return this.#bytes?.subarray(0, this.#length);
  }

  /** Adds a byte. The first one past the limit discards everything. */
  push(byte: number): void {
    if (this.#length === MAX_BYTES) this.#bytes = undefined;
    if (this.#bytes === undefined) return;
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#length * 4);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }
}
