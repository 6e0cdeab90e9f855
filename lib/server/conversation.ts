/**
 * The life of one connection, whatever is spoken on it.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { ConnectionContext } from "../context.ts";
import type { ByteConnection } from "../transport/connection.ts";
import type { FairBudget } from "./fair_budget.ts";
import type { FloodGuard } from "./flood_guard.ts";
import type { OutboxOptions } from "./outbox.ts";

/** What the server does with a connection from hello to goodbye. */
export interface Conversation {
  /** Talks, and resolves once the connection is closed. Called once, in the connection's context. */
  run(): Promise<void>;
  /** Looks after what has a time limit; called about once a second. */
  check(): void;
  /** Tells the peer that the server is stopping, and ends once what it has sent is dealt with. */
  stop(): void;
}

/** What all conversations share. */
export interface ConversationOptions {
  readonly clock: Clock;
  /** Main-thread time, shared by all connections. */
  readonly budget: FairBudget;
  readonly guard: FloodGuard;
  readonly outbox: OutboxOptions;
  /** Milliseconds after which a peer that takes nothing is cut off. */
  readonly stallMs: number;
}

/** A connection that has just been accepted. */
export interface NewConnection {
  readonly connection: ByteConnection;
  readonly context: ConnectionContext;
  /** Why there is no room for it, in a sentence for whoever is there; `undefined` if there is. */
  readonly refusal: string | undefined;
}

/** Begins a conversation that is not in lines. */
export type Converse = (peer: NewConnection, options: ConversationOptions) => Conversation;
