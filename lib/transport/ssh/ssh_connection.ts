/**
 * One SSH connection: logs the peer in, opens the channels that it asks for, and refuses everything
 * else.
 *
 * The library does the protocol. What it leaves open is bounded here: how fast it is fed, how much it
 * queues for a peer that reads nothing, how much it holds of a channel that nobody reads, and how
 * long a key exchange may take.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { PeerIdentity } from "../../context.ts";
import { log } from "../../log.ts";
import type { ByteConnection } from "../connection.ts";
import { type Gatekeeper } from "./gatekeeper.ts";
import { Login } from "./login.ts";
import { type ChannelOwner, type SshChannel, WINDOW_BYTES } from "./ssh_channel.ts";
import { type ChannelRequests, openSession } from "./ssh_session.ts";
import type { SshSocket } from "./ssh_socket.ts";
// @ts-types="./ssh2.d.ts"
import type { AuthContext, Channel, LibraryClient, LibrarySession } from "ssh2";
import type { Turns } from "../turns.ts";

/** Bytes handled at once: as many of the smallest packets take a few milliseconds. */
const UNIT_BYTES = 8 * 1024;
/** Bytes queued for a peer at which it is no longer read, and channels no longer written to. */
const HIGH_WATER_BYTES = 128 * 1024;
/** How long a peer may take to read something, or to finish a key exchange. */
const STALL_MS = 60_000;
/** Bytes after which new keys are agreed on (RFC 4253 section 9). */
const REKEY_BYTES = 1024 ** 3;
/** Sessions of one connection, open or not yet begun. */
const MOST_SESSIONS = 64;
/** Milliseconds that the peer may take to close after our last word. */
const LINGER_MS = 1000;

/** OpenSSH's word for a closed output (its PROTOCOL, section 2.1), which the library ignores. */
const END_OF_WRITE = "eow@openssh.com";

const NOTHING = new Uint8Array();

export interface SshConnectionOptions {
  readonly clock: Clock;
  readonly gatekeeper: Gatekeeper;
  /** Charged until the peer is logged in: key exchanges take turns with one another. */
  readonly loginTurns: Turns;
  /** Charged from then on. */
  readonly turns: Turns;
  readonly onChannel: (channel: SshChannel) => void;
  /** The peer is in, or its last channel is closed: it should open one. */
  readonly onIdle: () => void;
  /** It has opened one. */
  readonly onBusy: () => void;
}

export class SshConnection implements ChannelOwner {
  readonly remote: string;
  readonly address: string;
  readonly localAddress: string | undefined;
  readonly #carrier: ByteConnection;
  readonly #socket: SshSocket;
  readonly #options: SshConnectionOptions;
  readonly #login: Login;
  #client: LibraryClient | undefined;
  #identity: PeerIdentity | undefined;
  readonly #channels = new Set<SshChannel>();
  /** Sessions that the peer has opened and not closed, whether they have begun or not. */
  #sessions = 0;
  #isClosed = false;
  /** Cancels the wait for a peer that has been told to leave. */
  #cancelLinger = () => {};
  #rekeyedAt = 0;
  /** Called at the end of the key exchange that is under way. */
  #exchanged: PromiseWithResolvers<void> | undefined;

  constructor(carrier: ByteConnection, socket: SshSocket, options: SshConnectionOptions) {
    this.remote = carrier.remote;
    this.address = carrier.address;
    this.localAddress = carrier.localAddress;
    this.#carrier = carrier;
    this.#socket = socket;
    this.#options = options;
    socket.onEnd = () => {
      this.#cancelLinger = options.clock.after(LINGER_MS, () => this.close());
    };
    this.#login = new Login({ gatekeeper: options.gatekeeper, onExcess: () => this.end() });
  }

  /** Whether the peer is logged in. */
  get isIn(): boolean {
    return this.#identity !== undefined;
  }

  get identity(): PeerIdentity {
    return this.#identity!;
  }

  /** Serves the client that the library has made of the socket. */
  serve(client: LibraryClient): void {
    this.#client = client;
    // Whatever is wrong with a peer, or with the library, ends this connection and nothing else.
    client.on("error", (error) => {
      log("ssh").debug("An SSH connection fails: {error}", { error });
      this.end();
    });
    client.on("authentication", (context: AuthContext) => void this.#login.attempt(context));
    client.on("ready", () => this.#enter());
    client.on("rekey", () => {
      this.#endExchange();
      this.#forgetExchange();
    });
    client.on("session", (accept: () => LibrarySession, reject: () => void) => {
      if (this.#sessions >= MOST_SESSIONS) return reject();
      this.#open(accept());
    });
    this.#hearEndOfWrite(client);
  }

  /**
   * Feeds the library with what the peer sends, until it leaves. Never rejects.
   *
   * @param first What has arrived already.
   * @param bytes What follows.
   */
  async run(first: Uint8Array, bytes: AsyncIterator<Uint8Array>): Promise<void> {
    try {
      await this.#socket.listening;
      await this.#feed(first);
      while (!this.#isClosed) {
        const { value, done } = await bytes.next();
        if (done) break;
        await this.#feed(value);
      }
    } catch (error) {
      log("ssh").debug("An SSH connection fails: {error}", { error });
    }
    this.close();
  }

  /** Tells the peer that this is the end, and closes once it has heard that. */
  end(): void {
    try {
      this.#client?.end();
    } catch {
      // The library is at its end already.
    }
    this.#socket.end();
  }

  /** Closes at once. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelLinger();
    this.#endExchange();
    this.#socket.destroy();
    for (const channel of this.#channels) channel.close();
  }

  writable(): Promise<void> | undefined {
    if (this.#exchanged) return this.#exchanged.promise;
    if (this.#socket.queuedBytes < HIGH_WATER_BYTES) return undefined;
    return this.#socket.drained();
  }

  probe(): Promise<number> {
    return this.#socket.queuedBytes > 0 ? Promise.resolve(0) : this.#carrier.write(NOTHING);
  }

  widen(channel: Channel, bytes: number): void {
    if (this.#isClosed) return;
    this.#client!._protocol.channelWindowAdjust(channel.outgoing.id, bytes);
  }

  overrun(): void {
    log("ssh").debug("A peer sends more over a channel than it may");
    this.end();
  }

  closed(channel: SshChannel): void {
    this.#channels.delete(channel);
    if (this.#channels.size === 0 && !this.#isClosed) this.#options.onIdle();
  }

  async #feed(bytes: Uint8Array): Promise<void> {
    const { loginTurns, turns } = this.#options;
    for (let at = 0; at < bytes.length && !this.#isClosed; at += UNIT_BYTES) {
      const turn = (this.isIn ? turns : loginTurns).admit();
      if (turn) await turn;
      // A copy: the library keeps parts of it.
      this.#socket.feed(bytes.slice(at, at + UNIT_BYTES));
      this.#watchExchange();
      if (this.#socket.queuedBytes > HIGH_WATER_BYTES) await this.#untilRead();
    }
  }

  /** Waits for a peer that sends requests and does not read the answers. */
  async #untilRead(): Promise<void> {
    const cancel = this.#options.clock.after(STALL_MS, () => this.close());
    await this.#socket.drained();
    cancel();
  }

  /**
   * Begins a key exchange if it is time, and notices one that is under way: meanwhile the library
   * queues everything that is written.
   */
  #watchExchange(): void {
    const { _protocol: protocol } = this.#client ?? {};
    if (!protocol || !this.isIn || this.#isClosed) return;
    if (this.#socket.carriedBytes - this.#rekeyedAt > REKEY_BYTES) {
      this.#rekeyedAt = this.#socket.carriedBytes;
      this.#client!.rekey();
    }
    if (protocol._kexinit === undefined || this.#exchanged) return;
    const exchanged = this.#exchanged = Promise.withResolvers<void>();
    const cancel = this.#options.clock.after(STALL_MS, () => this.close());
    exchanged.promise.then(cancel);
  }

  #endExchange(): void {
    this.#exchanged?.resolve();
    this.#exchanged = undefined;
  }

  #enter(): void {
    const { gatekeeper, onIdle } = this.#options;
    this.#identity = gatekeeper.identity(this.#login.name);
    this.#narrowWindows();
    this.#forgetExchange();
    onIdle();
  }

  /**
   * Drops what the library keeps of a finished key exchange, secrets included, except what the next
   * one needs.
   */
  #forgetExchange(): void {
    const protocol = this.#client!._protocol;
    // A peer may start another exchange at any time; until login, the library needs what was agreed.
    if (!this.isIn || protocol._kexinit !== undefined) return;
    protocol._kex = { sessionID: protocol._kex.sessionID };
  }

  /** Has the library announce our window in place of its own. */
  #narrowWindows(): void {
    const { _protocol: protocol } = this.#client!;
    const confirm = protocol.channelOpenConfirm.bind(protocol);
    protocol.channelOpenConfirm = (remote, local, _window, packetBytes) =>
      confirm(remote, local, WINDOW_BYTES, packetBytes);
  }

  #hearEndOfWrite({ _protocol: { _handlers: handlers } }: LibraryClient): void {
    const handle = handlers.CHANNEL_REQUEST;
    handlers.CHANNEL_REQUEST = (protocol, id, type, ...rest) => {
      handle(protocol, id, type, ...rest);
      if (type !== END_OF_WRITE) return;
      for (const channel of this.#channels) if (channel.id === id) channel.endOutput();
    };
  }

  #open(session: LibrarySession): void {
    this.#sessions++;
    session.on("close", () => this.#sessions--);
    const requests: ChannelRequests = {
      owner: this,
      onChannel: (channel) => {
        this.#channels.add(channel);
        this.#options.onBusy();
        this.#options.onChannel(channel);
      },
      onExcess: () => this.end(),
    };
    openSession(session, requests);
  }
}
