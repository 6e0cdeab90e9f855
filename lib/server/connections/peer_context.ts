/**
 * The context of a connection that the server has accepted.
 *
 * @module
 */

import type { ConnectionContext, PeerIdentity } from "../../context.ts";

export class PeerContext implements ConnectionContext {
  readonly connection: number;
  readonly transport: string;
  readonly remote: string;
  readonly address: string | undefined;
  readonly certificate: string | undefined;
  readonly identity: PeerIdentity | undefined;
  nickname?: string;
  account?: string;
  room?: string;
  #hasEnded = false;
  /** Most connections never ask for anything that could be cancelled. */
  #ending: AbortController | undefined;

  constructor(facts: ConnectionContext) {
    const { connection, transport, remote, address, certificate, identity } = facts;
    this.address = address;
    this.certificate = certificate;
    this.identity = identity;
    this.connection = connection;
    this.transport = transport;
    this.remote = remote;
  }

  get ended(): AbortSignal {
    if (!this.#ending) {
      this.#ending = new AbortController();
      if (this.#hasEnded) this.#ending.abort();
    }
    return this.#ending.signal;
  }

  end(): void {
    this.#hasEnded = true;
    this.#ending?.abort();
  }
}
