/**
 * Collects one telnet sub-negotiation, byte by byte, without letting the peer say how large.
 *
 * @module
 */

/** Longest sub-negotiation kept, option number included; what we understand takes under 60 bytes. */
const MAX_BYTES = 1024;
/** What those fit in. It grows by the factor of four twice. */
const FIRST_BYTES = 64;

/** The option and parameters between IAC SB and IAC SE (RFC 855), with no IAC doubled any more. */
export class TelnetParameters {
  #bytes: Uint8Array | undefined = new Uint8Array(FIRST_BYTES);
  #length = 0;

  /** What was collected, or nothing if that was too much: half of it would mean something else. */
  get bytes(): Uint8Array | undefined {
    return this.#bytes?.subarray(0, this.#length);
  }

  /** Adds a byte. The first past the limit gives up all before it, and later ones are dropped. */
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
