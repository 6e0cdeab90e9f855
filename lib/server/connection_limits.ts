/**
 * How many connections there may be, in all and from one address.
 *
 * @module
 */

export interface ConnectionLimitsOptions {
  /** Most connections at a time; 0 for no limit. */
  readonly maxConnections: number;
  /** Most connections at a time from one address; 0 for no limit. */
  readonly maxPerAddress: number;
}

/** Counts connections. */
export class ConnectionLimits {
  readonly #options: ConnectionLimitsOptions;
  readonly #perAddress = new Map<string, number>();
  #total = 0;

  constructor(options: ConnectionLimitsOptions) {
    this.#options = options;
  }

  /** Counts a connection and returns `undefined`, or returns the sentence for whoever is refused. */
  enter(address: string): string | undefined {
    const { maxConnections, maxPerAddress } = this.#options;
    const here = this.#perAddress.get(address) ?? 0;
    if (maxConnections > 0 && this.#total >= maxConnections) {
      return `! The server is full: ${maxConnections} are connected. Try again later.`;
    }
    if (maxPerAddress > 0 && here >= maxPerAddress) {
      return `! ${maxPerAddress} connections from your address are the limit. Close one and try again.`;
    }
    this.#perAddress.set(address, here + 1);
    this.#total++;
    return undefined;
  }

  /** Counts a connection out. */
  leave(address: string): void {
    const left = (this.#perAddress.get(address) ?? 0) - 1;
    if (left > 0) this.#perAddress.set(address, left);
    else this.#perAddress.delete(address);
    this.#total--;
  }
}
