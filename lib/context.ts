/**
 * The context of the connection whose work is being done: the successor of thread-local state.
 *
 * A connection's context is entered once, when its session starts, and is there in everything
 * awaited from it. Log records and rate limits read it; domain calls never carry it.
 * This is the only file that touches `AsyncLocalStorage`.
 *
 * @module
 */

import { AsyncLocalStorage } from "node:async_hooks";

/** What is known of the connection on whose behalf code runs. */
export interface ConnectionContext {
  /** Number of the connection, counted from 1 since the server started. */
  readonly connection: number;
  /** The endpoint's scheme, e.g. `telnet`. */
  readonly transport: string;
  /** The peer's address, e.g. `127.0.0.1:51234`. */
  readonly remote: string;
  /** Aborted once the connection has ended; work for it that has not begun need not be done. */
  readonly ended?: AbortSignal;
  nickname?: string;
  /** Proven identity; there are no accounts yet. */
  account?: string;
  /** The room that lines without a command go to. */
  room?: string;
}

const storage = new AsyncLocalStorage<ConnectionContext>();

/** The context of the connection being served, if any. */
export function currentConnection(): ConnectionContext | undefined {
  return storage.getStore();
}

/**
 * Runs `work`, and all that it awaits, in `context`.
 *
 * Work begun for A that ends up touching B (a fan-out, a flush) still runs in A's context; what
 * speaks about B must enter B's.
 */
export function runInConnection<T>(context: ConnectionContext, work: () => T): T {
  return storage.run(context, work);
}
