/**
 * A line service without sockets, and peers that record what they receive, so that a test reads
 * like a transcript.
 *
 * @module
 */

import type { Service } from "../../lib/server/session/service.ts";
import { type FakeClock, nextTurn } from "../support/fake_clock.ts";
import { PATIENCE_MS } from "../support/patience.ts";
import { SessionPeer, Sessions, type SessionsOptions } from "../support/session_peer.ts";

export { settle } from "../support/session_peer.ts";
export type { SessionsOptions as LineSceneOptions };

/** A running service and its peers, all of which leave at the end. */
export class LineScene implements AsyncDisposable {
  readonly #sessions: Sessions;
  readonly #peers: Peer[] = [];

  constructor(service: Service, options: SessionsOptions = {}) {
    this.#sessions = new Sessions(service, options);
  }

  get clock(): FakeClock {
    return this.#sessions.clock;
  }

  /** Connects a peer. */
  connect(): Peer {
    const peer = new Peer(this.#sessions.open());
    this.#peers.push(peer);
    return peer;
  }

  /** Sends lines, ends, and returns everything received, like `printf ... | nc -N`. */
  async exchange(...lines: string[]): Promise<string[]> {
    const peer = this.connect();
    peer.send(...lines);
    return await peer.finish();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#peers.map((peer) => peer.vanish()));
  }
}

/** A peer of the service. */
export class Peer extends SessionPeer {
  /** The number of lines that were expected. */
  #seen = 0;

  /** The complete lines received so far. */
  get lines(): string[] {
    return this.transcript.split("\r\n").slice(0, -1);
  }

  /** Waits for `count` more lines than before, and returns them. */
  async read(count: number): Promise<string[]> {
    await this.until(() => this.lines.length >= this.#seen + count);
    this.#seen += count;
    return this.lines.slice(this.#seen - count, this.#seen);
  }

  /** Sends a line, and returns the next one received. */
  async ask(line: string): Promise<string> {
    this.send(line);
    return (await this.read(1))[0];
  }

  /** Waits until `isSo` returns true. */
  async until(isSo: () => boolean): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!isSo()) {
      if (performance.now() > deadline) {
        throw new Error(`Expected more than ${JSON.stringify(this.transcript.slice(-500))}`);
      }
      await nextTurn();
    }
  }

  /** Ends its side, waits for the server's end, and returns all lines received. */
  async finish(): Promise<string[]> {
    this.end();
    await this.until(() => this.hasEnded);
    await this.leave();
    return this.lines;
  }
}
