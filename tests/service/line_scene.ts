/**
 * A line service without sockets: peers who send, and look at all that comes back, so that a test
 * reads like a transcript.
 *
 * @module
 */

import type { Service } from "../../lib/server/service.ts";
import { type FakeClock, nextTurn } from "../support/fake_clock.ts";
import { SessionPeer, Sessions, type SessionsOptions } from "../support/session_peer.ts";

export { settle } from "../support/session_peer.ts";
export type { SessionsOptions as LineSceneOptions };

/** What did not happen by then does not happen. */
const PATIENCE_MS = 5000;

/** A running service, and its peers, who are all gone in the end. */
export class LineScene implements AsyncDisposable {
  readonly #sessions: Sessions;
  readonly #peers: Peer[] = [];

  constructor(service: Service, options: SessionsOptions = {}) {
    this.#sessions = new Sessions(service, options);
  }

  get clock(): FakeClock {
    return this.#sessions.clock;
  }

  /** Lets somebody connect. */
  connect(): Peer {
    const peer = new Peer(this.#sessions.open());
    this.#peers.push(peer);
    return peer;
  }

  /** All that a peer gets who sends lines and ends its side, as `printf ... | nc -N` does. */
  async exchange(...lines: string[]): Promise<string[]> {
    const peer = this.connect();
    peer.send(...lines);
    return await peer.finish();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#peers.map((peer) => peer.vanish()));
  }
}

/** Somebody at the other end. */
export class Peer extends SessionPeer {
  /** How many lines were expected. */
  #seen = 0;

  /** The lines that came, without the last one if that has no end. */
  get lines(): string[] {
    return this.transcript.split("\r\n").slice(0, -1);
  }

  /** Waits for so many lines more than were expected before, and returns them. */
  async read(count: number): Promise<string[]> {
    await this.until(() => this.lines.length >= this.#seen + count);
    this.#seen += count;
    return this.lines.slice(this.#seen - count, this.#seen);
  }

  /** Sends a line, and returns the one that comes back. */
  async ask(line: string): Promise<string> {
    this.send(line);
    return (await this.read(1))[0];
  }

  /** Lets the event loop turn until something is so. */
  async until(isSo: () => boolean): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!isSo()) {
      if (performance.now() > deadline) {
        throw new Error(`Expected more than ${JSON.stringify(this.transcript.slice(-500))}`);
      }
      await nextTurn();
    }
  }

  /** Ends its side, waits for the server to end its own, and returns all lines that came. */
  async finish(): Promise<string[]> {
    this.end();
    await this.until(() => this.hasEnded);
    await this.leave();
    return this.lines;
  }
}
