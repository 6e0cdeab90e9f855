/**
 * The context of the connection being served, in place of thread-local state.
 *
 * A session enters its connection's context once, at its start; everything awaited from there runs
 * in it. Log records and rate limits read it, so domain calls need not pass it on. This is the only
 * file that uses `AsyncLocalStorage`.
 *
 * @module
 */

import { AsyncLocalStorage } from "node:async_hooks";

/** A public key whose private half a peer has. */
export interface ProvenKey {
  /** e.g. `ssh-ed25519`. */
  readonly type: string;
  /** `SHA256:…`, as `ssh-keygen -l` shows it. */
  readonly fingerprint: string;
  /** Type and key in base64, as in a line of `authorized_keys`, without a comment. */
  readonly line: string;
  /** Name of the account that has it, if any does. */
  readonly owner?: string;
}

/** What a transport has found out about a peer before it is served. */
export interface PeerIdentity {
  /** The nickname that it asks for, unchecked. */
  readonly name: string;
  /** Key of the account that it has proven to own. */
  readonly account?: string;
  /** The key that it logged in with, whoever owns that; absent if it did so in another way. */
  readonly publicKey?: ProvenKey;
}

/** Facts about the connection on whose behalf code runs. */
export interface ConnectionContext {
  /** Number of the connection, from 1 since the server started. */
  readonly connection: number;
  /** The endpoint's scheme, e.g. `telnet`. */
  readonly transport: string;
  /** The peer's address, e.g. `127.0.0.1:51234`. */
  readonly remote: string;
  /** Its IP address alone; absent for peers on this machine's Unix sockets. */
  readonly address?: string;
  /** SHA-256 fingerprint of the TLS client certificate that the peer owns, in hexadecimal. */
  readonly certificate?: string;
  /** Who the peer is, if its transport has asked: that of SSH does. */
  readonly identity?: PeerIdentity;
  /** Aborted once nothing more can be sent to the peer; work for it that has not begun is skipped. */
  readonly ended?: AbortSignal;
  /** Aborts {@linkcode ConnectionContext.ended}. */
  end?(): void;
  nickname?: string;
  /** Key of the account that was proven. */
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
 * Runs `work`, and everything awaited from it, in `context`.
 *
 * Work begun for A that ends up touching B (a fan-out, a flush) still runs in A's context; code
 * that logs about B must enter B's.
 */
export function runInConnection<T>(context: ConnectionContext | undefined, work: () => T): T {
  return context ? storage.run(context, work) : storage.exit(work);
}
