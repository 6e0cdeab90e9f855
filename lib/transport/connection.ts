/**
 * The contracts between transports and the rest: a byte stream to a peer, and a listener. Only this
 * folder touches sockets.
 *
 * @module
 */

import type { PeerIdentity } from "../context.ts";

/**
 * Takes what is pulled. An object and not two functions, because every connection has a chain of
 * these, and idle ones must stay small.
 */
export interface ByteTaker {
  /** Takes the next bytes, or learns of the end. Must not throw. */
  takeBytes(result: IteratorResult<Uint8Array>): void;
  /** Learns that there are no more bytes, because of an error. Must not throw. */
  fail(error: unknown): void;
}

/** Bytes that can be had without a promise for each chunk. */
export interface PullableBytes extends AsyncIterator<Uint8Array> {
  /** Passes the next chunk to `taker`, perhaps before this returns. */
  pull?(taker: ByteTaker): void;
}

/** Asks for the next chunk, without a promise where there is a way to. */
export function pullBytes(bytes: PullableBytes, taker: ByteTaker): void {
  if (bytes.pull) bytes.pull(taker);
  else bytes.next().then((result) => taker.takeBytes(result), (error) => taker.fail(error));
}

/** Columns and rows, as the peer gives them: perhaps 0. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** The terminal at the other end, described by the transport instead of by its bytes. */
export interface RemoteTerminal {
  /** The value of TERM there, e.g. `xterm-256color`. */
  readonly type: string;
  readonly size: TerminalSize;
  /** Called when the size has changed. */
  onResize: (() => void) | undefined;
}

/** A command that a peer wants to be run instead of a conversation. */
export interface RemoteCommand {
  /** As the peer wrote it. */
  readonly text: string;
  /** Aborted when the peer stops the command, or is gone. */
  readonly signal: AbortSignal;
  /** Writes to its standard error, as `ByteConnection.write` does to standard output. */
  writeError(bytes: Uint8Array): Promise<number>;
}

/** A byte stream to one peer. */
export interface ByteConnection {
  /** The peer's address, for people and logs, e.g. `192.0.2.7:51234` or `unix#7`. */
  readonly remote: string;
  /**
   * The part of `remote` that identifies the peer's machine, which per-address limits count. It is
   * unique for each peer of a Unix socket: they are all on this machine, and must not use up each
   * other's limit.
   */
  readonly address: string;
  /** Our address that the peer connected to; absent for Unix sockets. */
  readonly localAddress?: string;
  /**
   * SHA-256 fingerprint of the TLS client certificate that the peer has proven to own, 64 digits of
   * lower-case hexadecimal; absent if it has none, or was not asked for one.
   */
  readonly certificate?: string;
  /** Who the peer is, if the transport has asked. It then speaks no other protocol. */
  readonly identity?: PeerIdentity;
  /** Absent if there is none, or if only the peer's bytes can tell. */
  readonly terminal?: RemoteTerminal;
  readonly command?: RemoteCommand;
  /** Sets the exit status that the peer learns when our side ends. @default {0} */
  exit?(status: number): void;
  /**
   * What the peer sends, until it ends its side or the connection breaks; neither is an error. A
   * chunk is valid until the next one is asked for, because the buffer is reused.
   */
  readonly bytes: AsyncIterable<Uint8Array>;
  /**
   * Sends some of `bytes` and resolves to the number of bytes taken, at least one. With no bytes,
   * it only checks whether the peer is gone, as far as the system knows.
   *
   * @throws {Error} if the peer is gone. A peer that has only ended its side is not.
   */
  write(bytes: Uint8Array): Promise<number>;
  /** Ends our side: the peer reads the end, and may still send. */
  closeWrite(): Promise<void>;
  /**
   * Closes both sides as soon as everything that has arrived was read from {@linkcode bytes}, which
   * must be read on. The system has acknowledged it, so the peer will not send it again. Absent if
   * the transport cannot tell.
   */
  closeOnceRead?(): void;
  /** Closes both sides at once. Safe to call again. */
  close(): void;
}

/** An open port. */
export interface Listener {
  /** The address as an endpoint, with the actual port, e.g. `tcp://127.0.0.1:2324`. */
  readonly endpoint: string;
  /** By what peers recognise this server: `SHA256:…` of its host key. Absent if they cannot. */
  readonly fingerprint?: string;
  /**
   * Waits for the next peer.
   *
   * @throws {Deno.errors.BadResource} if the listener is closed.
   * @throws {NotAdmittedError} if the peer was refused; see `guarded_listener.ts`.
   * @throws {Error} if accepting failed for now, for example for lack of file descriptors.
   */
  accept(): Promise<ByteConnection>;
  /**
   * Reads the files that the endpoint names again, such as a certificate, and resolves to a function
   * that puts them to use. Peers that are connected stay. Absent if it names none.
   *
   * @throws {Error} if the files are invalid.
   */
  prepareReload?(): Promise<() => void>;
  /** Stops listening. Peers that are connected stay. Safe to call again. */
  close(): void;
}
