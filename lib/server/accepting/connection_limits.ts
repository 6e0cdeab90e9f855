/**
 * The limits on connections, in total and per address.
 *
 * @module
 */

export interface ConnectionLimitsOptions {
  /** Most connections at a time; 0 for no limit. */
  readonly maxConnections: number;
  /** Most connections at a time from one address; 0 for no limit. */
  readonly maxPerAddress: number;
}

/** Connections that must close before a cap is lifted; half of them if there are only a few. */
const CAP_ROOM = 4;

/** Counts connections. */
export class ConnectionLimits {
  #options: ConnectionLimitsOptions;
  readonly #perAddress = new Map<string, number>();
  #total = 0;
  /** A lower limit for as long as something is lacking. */
  #cap = Infinity;

  constructor(options: ConnectionLimitsOptions) {
    this.#options = options;
  }

  /** Changes the limits. Connections beyond a lower one stay. */
  adjust(options: ConnectionLimitsOptions): void {
    this.#options = options;
  }

  /** Allows no more connections than there are now. */
  capHere(): void {
    this.#cap = Math.max(1, this.#total);
  }

  /** Takes the cap back once some of those connections have closed; returns whether it is gone. */
  liftCap(): boolean {
    const room = Math.min(CAP_ROOM, Math.ceil(this.#cap / 2));
    if (this.#total <= this.#cap - room) this.#cap = Infinity;
    return this.#cap === Infinity;
  }

  /** Counts a connection and returns `undefined`, or returns the sentence that refuses it. */
  enter(address: string): string | undefined {
    const { maxConnections, maxPerAddress } = this.#options;
    if (this.#total >= this.#cap) {
      return "! The server is full: it cannot open more connections. Try again later.";
    }
    const here = this.#perAddress.get(address) ?? 0;
    if (maxConnections > 0 && this.#total >= maxConnections) {
      return `! The server is full: its limit is ${maxConnections} connections. Try again later.`;
    }
    if (maxPerAddress > 0 && here >= maxPerAddress) {
      return `! Too many connections from your address: the limit is ${maxPerAddress}. Close one and try again.`;
    }
    this.#perAddress.set(address, here + 1);
    this.#total++;
    return undefined;
  }

  /** Counts a connection as closed. */
  leave(address: string): void {
    const left = (this.#perAddress.get(address) ?? 0) - 1;
    if (left > 0) this.#perAddress.set(address, left);
    else this.#perAddress.delete(address);
    this.#total--;
  }
}
