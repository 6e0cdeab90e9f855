/**
 * The conversations that are running: begins them, checks and stops them all, and sees to it that
 * the failure of one ends no other.
 *
 * @module
 */

import { Strides } from "../../clock.ts";
import { type ConnectionContext, runInConnection } from "../../context.ts";
import { log } from "../../log.ts";
import type { ByteConnection } from "../../transport/connection.ts";
import type { DoorTraffic } from "../door_traffic.ts";
import type { Conversation, NewConnection } from "./conversation.ts";
import type { PeerContext } from "./peer_context.ts";

/** Conversations that are checked in a turn: in 1.5 ms. */
const CHECKED_AT_ONCE = 1000;
/** A peer for which more is queued counts as slow. */
const SLOW_BYTES = 16 * 1024;

/** A connection that is served, or told that there is no room for it. */
export interface AdmittedConnection extends NewConnection {
  readonly context: PeerContext;
  readonly traffic: DoorTraffic;
  /** Resolves once the conversation has ended, in whatever way; `undefined` until it begins. */
  done: Promise<void> | undefined;
}

export interface ConversationsOptions {
  /** Resolves in a later turn of the event loop. */
  readonly nextTurn: () => Promise<void>;
  /** Called once the connection of a conversation is closed. */
  readonly onEnd: (peer: AdmittedConnection) => void;
}

export class Conversations {
  readonly #options: ConversationsOptions;
  readonly #running = new Map<Conversation, AdmittedConnection>();
  /** The last line for everyone; set once the server stops. */
  #farewell: string | undefined;

  constructor(options: ConversationsOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#running.size;
  }

  /** Bytes queued for all peers, and for the one for which most are. */
  get queues(): { readonly bytes: number; readonly most: number } {
    let bytes = 0;
    let most = 0;
    for (const { queuedBytes } of this.#running.keys()) {
      bytes += queuedBytes;
      most = Math.max(most, queuedBytes);
    }
    return { bytes, most };
  }

  /** The peers for which most is queued, that first; at most `most` of them, and none that reads. */
  slowest(most: number): { readonly context: ConnectionContext; readonly queuedBytes: number }[] {
    const peers = [];
    for (const [{ queuedBytes }, { context }] of this.#running) {
      if (queuedBytes > SLOW_BYTES) peers.push({ context, queuedBytes });
    }
    return peers.sort((a, b) => b.queuedBytes - a.queuedBytes).slice(0, most);
  }

  *connections(): Generator<ByteConnection> {
    for (const { connection } of this.#running.values()) yield connection;
  }

  /** Begins a conversation, in the context of its connection. */
  begin(peer: AdmittedConnection, converse: (peer: NewConnection) => Conversation): void {
    runInConnection(peer.context, () => this.#begin(peer, converse));
  }

  #begin(peer: AdmittedConnection, converse: (peer: NewConnection) => Conversation): void {
    let conversation: Conversation;
    try {
      conversation = converse(peer);
    } catch (error) {
      log("server").error("Cannot begin a conversation: {error}", { error });
      return this.#close(peer);
    }
    log("server").debug("Connected");
    const end = (error?: unknown) => {
      if (error !== undefined) log("server").error("Session failed: {error}", { error });
      log("server").debug("Disconnected");
      this.#running.delete(conversation);
      this.#close(peer);
    };
    // Not awaited: a suspended async frame for every connection would take memory.
    peer.done = conversation.run().then(end, end);
    this.#running.set(conversation, peer);
    if (this.#farewell !== undefined) conversation.stop(this.#farewell);
  }

  #close(peer: AdmittedConnection): void {
    peer.connection.close();
    peer.context.end();
    this.#options.onEnd(peer);
  }

  /** Enforces the time limits of all; called about once a second. */
  async check(): Promise<void> {
    const strides = new Strides(this.#options.nextTurn, CHECKED_AT_ONCE);
    for (const [conversation, peer] of this.#running) {
      const turn = strides.step();
      if (turn) await turn;
      guarded(peer, () => conversation.check());
    }
  }

  /** Tells everybody that the server is stopping, and those who are still to come. */
  stop(farewell: string): void {
    this.#farewell = farewell;
    for (const [conversation, peer] of this.#running) {
      guarded(peer, () => conversation.stop(farewell));
    }
  }

  /** Resolves once those that are running have ended. */
  async ended(): Promise<void> {
    await Promise.all(Array.from(this.#running.values(), ({ done }) => done));
  }
}

/** Does something for a peer. If that fails, its connection is closed. */
function guarded({ connection, context }: AdmittedConnection, work: () => void): void {
  try {
    work();
  } catch (error) {
    runInConnection(context, () => log("server").error("Session failed: {error}", { error }));
    connection.close();
  }
}
