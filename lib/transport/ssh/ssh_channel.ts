/**
 * One channel of an SSH connection, as a connection of its own: a terminal, a pipe, or a command.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import type { PeerIdentity } from "../../context.ts";
import { ChunkQueue } from "../chunk_queue.ts";
import type { ByteConnection, RemoteCommand, RemoteTerminal } from "../connection.ts";
// @ts-types="./ssh2.d.ts"
import type { Channel } from "ssh2";

/**
 * Bytes that a peer may send before they are read. The library's own window is 2 MiB, which is much
 * for somebody who opens 64 channels.
 */
export const WINDOW_BYTES = 256 * 1024;
/** Largest write, so that a slow peer is seen to take something now and then. */
const LARGEST_WRITE = 32 * 1024;

/** What a channel needs of its connection. */
export interface ChannelOwner {
  readonly remote: string;
  readonly address: string;
  readonly localAddress: string | undefined;
  readonly identity: PeerIdentity;
  /** Resolves once more can be sent; `undefined` for at once. */
  writable(): Promise<void> | undefined;
  /** Checks whether the peer is gone. @throws {Error} if so. */
  probe(): Promise<number>;
  /** Lets the peer send more over a channel. */
  widen(channel: Channel, bytes: number): void;
  /** The peer has sent more than it may. */
  overrun(): void;
  /** A channel is closed. */
  closed(channel: SshChannel): void;
}

export interface SshChannelOptions {
  readonly owner: ChannelOwner;
  readonly channel: Channel;
  readonly terminal?: RemoteTerminal;
  /** The command to be run, if any. */
  readonly command?: string;
  /** Aborted by the peer, or here once the channel is closed. */
  readonly stopping: AbortController;
}

export class SshChannel implements ByteConnection, AsyncIterableIterator<Uint8Array> {
  readonly remote: string;
  readonly address: string;
  readonly localAddress: string | undefined;
  readonly identity: PeerIdentity;
  readonly terminal: RemoteTerminal | undefined;
  readonly command: RemoteCommand | undefined;
  readonly #owner: ChannelOwner;
  readonly #channel: Channel;
  readonly #stopping: AbortController;
  readonly #arrived = new ChunkQueue();
  /** What has arrived, or been read, since the peer was last allowed more. */
  #arrivedBytes = 0;
  #readBytes = 0;
  #isClosed = false;
  #refuseWrite: ((reason: Error) => void) | undefined;
  /** Writes to the two outputs take turns: the library forgets one of two that wait. */
  #writing: Promise<unknown> = Promise.resolve();
  #exitStatus = 0;

  constructor({ owner, channel, terminal, command, stopping }: SshChannelOptions) {
    this.remote = owner.remote;
    this.address = owner.address;
    this.localAddress = owner.localAddress;
    this.identity = owner.identity;
    this.terminal = terminal;
    this.#stopping = stopping;
    this.command = command === undefined ? undefined : {
      text: command,
      signal: stopping.signal,
      writeError: (bytes) => this.#write(bytes, true),
    };
    this.#owner = owner;
    this.#channel = channel;
    // The peer's window is ours to open; see `next`.
    channel.incoming.window = Infinity;
    channel.push = (bytes: Buffer | null) => this.#take(bytes);
    channel.on("error", () => this.close());
    channel.stderr.on("error", () => this.close());
  }

  /** Our number of the channel. */
  get id(): number {
    return this.#channel.incoming.id;
  }

  get bytes(): AsyncIterable<Uint8Array> {
    return this;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    while (this.#arrived.mustWait) await this.#arrived.changed();
    const next = this.#arrived.take();
    if (next.done) return next;
    this.#readBytes += next.value.length;
    if (this.#readBytes >= WINDOW_BYTES / 2 && !this.#arrived.hasEnded) {
      this.#arrivedBytes -= this.#readBytes;
      this.#owner.widen(this.#channel, this.#readBytes);
      this.#readBytes = 0;
    }
    return next;
  }

  write(bytes: Uint8Array): Promise<number> {
    return bytes.length === 0 ? this.#probe() : this.#write(bytes, false);
  }

  exit(status: number): void {
    this.#exitStatus = status;
  }

  /**
   * Ends the channel: an SSH client that is told only of the end of our output would go on waiting.
   */
  closeWrite(): Promise<void> {
    if (this.#isOpen) endChannel(this.#channel, this.#exitStatus);
    return Promise.resolve();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#arrived.abandon();
    this.#refuseWrite?.(gone());
    if (this.#isOpen) endChannel(this.#channel, this.#exitStatus);
    this.#stopping.abort();
    this.#owner.closed(this);
  }

  /** Nobody reads what we write, so the command stops; without one the channel is of no use. */
  endOutput(): void {
    if (this.command) this.#stopping.abort();
    else this.close();
  }

  /** Whether the peer takes more from us. */
  get #isOpen(): boolean {
    const { incoming, outgoing } = this.#channel;
    return outgoing.state === "open" && incoming.state !== "closed";
  }

  // deno-lint-ignore require-await -- rejects, as the contract requires
  async #probe(): Promise<number> {
    if (this.#isClosed || !this.#isOpen) throw gone();
    return this.#owner.probe();
  }

  #write(bytes: Uint8Array, isError: boolean): Promise<number> {
    const written = this.#writing.then(() => this.#writeNow(bytes, isError));
    this.#writing = written.catch(() => {});
    return written;
  }

  async #writeNow(bytes: Uint8Array, isError: boolean): Promise<number> {
    const wait = this.#owner.writable();
    if (wait) await wait;
    const { outgoing, stderr } = this.#channel;
    if (this.#isClosed || !this.#isOpen) throw gone();
    const most = Math.min(LARGEST_WRITE, Math.max(1, outgoing.window));
    const part = bytes.subarray(0, most);
    await new Promise<void>((resolve, reject) => {
      this.#refuseWrite = reject;
      const stream = isError ? stderr : this.#channel;
      stream.write(part, (error?: Error | null) => error ? reject(error) : resolve());
    });
    return part.length;
  }

  /** Takes bytes from the library, or the end. */
  #take(bytes: Buffer | null): boolean {
    if (bytes === null) {
      this.#arrived.end();
      if (this.#channel.incoming.state === "closed") {
        // Nobody will take what still waits to be written.
        this.#refuseWrite?.(gone());
        this.#stopping.abort();
      }
      return true;
    }
    this.#arrivedBytes += bytes.length;
    if (this.#isClosed) return true;
    if (this.#arrivedBytes > WINDOW_BYTES) {
      this.#owner.overrun();
      return true;
    }
    this.#arrived.push(bytes as Uint8Array<ArrayBuffer>);
    return true;
  }
}

/**
 * Ends a channel, which is then of no more use to either side. Not by the stream's `end`: what the
 * library does then it does later, and nothing catches its exception if the connection broke
 * meanwhile.
 */
export function endChannel(channel: Channel, exitStatus: number): void {
  try {
    channel.exit(exitStatus);
    channel.eof();
    channel.close();
  } catch {
    // The connection is broken.
  }
}

function gone(): Error {
  return new Deno.errors.BrokenPipe("Cannot write: the peer has closed the channel");
}
