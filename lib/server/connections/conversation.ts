/**
 * The life of one connection, in any protocol.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { ConnectionContext } from "../../context.ts";
import type { ByteConnection } from "../../transport/connection.ts";
import type { DoorTraffic } from "../door_traffic.ts";
import type { FairBudget } from "../fairness/fair_budget.ts";
import type { FloodGuard } from "../fairness/flood_guard.ts";
import type { OutboxOptions } from "../output/outbox.ts";
import type { PeerProbes } from "./peer_probes.ts";

/** The server's side of a connection, from beginning to end. */
export interface Conversation {
  /** Bytes that wait for the peer to read. */
  readonly queuedBytes: number;
  /** Resolves once the connection is closed. Called once, in the connection's context. */
  run(): Promise<void>;
  /** Enforces the time limits; called about once a second. */
  check(): void;
  /**
   * Tells the peer that the server is stopping, and ends once everything it has sent is handled.
   *
   * @param farewell What people are told, a sentence.
   */
  stop(farewell: string): void;
}

/** Shared by all conversations. */
export interface ConversationOptions {
  readonly clock: Clock;
  /** Main-thread time, shared by all connections. */
  readonly budget: FairBudget;
  /** Finds out whether a peer's machine is still there. */
  readonly probes: PeerProbes;
  readonly guard: FloodGuard;
  readonly outbox: OutboxOptions;
  /** Counts the bytes. @default {nobody wants to know} */
  readonly traffic?: DoorTraffic;
  /** Milliseconds after which a peer that reads nothing is disconnected; may change. */
  readonly stallMs: () => number;
}

/** A connection that has just been accepted. */
export interface NewConnection {
  readonly connection: ByteConnection;
  readonly context: ConnectionContext;
  /** The sentence that refuses the connection; `undefined` if it is welcome. */
  readonly refusal: string | undefined;
}

/** Begins a conversation in a protocol other than lines. */
export type Converse = (peer: NewConnection, options: ConversationOptions) => Conversation;
