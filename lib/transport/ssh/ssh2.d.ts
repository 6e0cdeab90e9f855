/**
 * Types of the part of ssh2 1.17.0 that this folder uses, which has none of its own. What begins
 * with an underscore is not documented there; the version is pinned.
 */

import type { Buffer } from "node:buffer";
import type { EventEmitter } from "node:events";
import type { Duplex, Writable } from "node:stream";

export interface ServerConfig {
  readonly hostKeys: readonly string[];
  readonly ident: string;
  readonly algorithms: Readonly<Record<string, readonly string[]>>;
}

/** Emits `connection` once a peer has sent its identification. */
declare class Server extends EventEmitter {
  /** Milliseconds between two requests for a sign of life, 0 for none. */
  static KEEPALIVE_CLIENT_INTERVAL: number;
  constructor(config: ServerConfig);
  /** Serves a socket that somebody else has accepted. */
  injectSocket(socket: EventEmitter): void;
}

/** A connection to a client. */
export interface LibraryClient extends EventEmitter {
  readonly _sock: EventEmitter;
  readonly _protocol: Protocol;
  /** Sends "disconnect" and ends the socket. */
  end(): void;
  /** Begins a new key exchange. */
  rekey(): void;
}

export interface Protocol {
  /** What we proposed in a key exchange; set while it is under way. */
  readonly _kexinit: unknown;
  /**
   * The current key exchange, or the last one. Once the peer is logged in, a finished exchange is
   * needed only for the hash of the first one, which identifies the connection in all later ones.
   */
  _kex: { readonly sessionID: Buffer };
  readonly _handlers: { CHANNEL_REQUEST: RequestHandler };
  channelOpenConfirm(remote: number, local: number, window: number, packetBytes: number): void;
  channelWindowAdjust(channel: number, bytes: number): void;
}

/** Handles a request about our channel `channel`. */
export type RequestHandler = (
  protocol: Protocol,
  channel: number,
  type: string,
  wantReply: boolean,
  data: unknown,
) => void;

/** A channel before it is known what it is for. */
export interface LibrarySession extends EventEmitter {
  readonly _chanInfo: ChannelInfo;
}

export interface ChannelInfo {
  readonly incoming: { readonly id: number; window: number; readonly state: string };
  readonly outgoing: {
    readonly id: number;
    readonly window: number;
    readonly packetSize: number;
    readonly state: string;
  };
}

export interface Channel extends Duplex, ChannelInfo {
  readonly stderr: Writable;
  exit(status: number): void;
  eof(): void;
  /** Sends "close"; drops writes that wait for the peer's window. */
  close(): void;
}

/** One attempt to log in. */
export interface AuthContext {
  readonly username: string;
  readonly method: string;
  accept(): void;
  reject(methodsLeft?: readonly string[], isPartial?: boolean): void;
}

export interface KeyContext extends AuthContext {
  readonly key: { readonly algo: string; readonly data: Buffer };
  readonly hashAlgo?: string;
  /** Absent if the peer only asks whether the key would do. */
  readonly signature?: Buffer;
  readonly blob?: Buffer;
}

export interface PasswordContext extends AuthContext {
  readonly password: string;
}

export interface KeyboardContext extends AuthContext {
  prompt(
    prompts: { readonly prompt: string; readonly echo: boolean }[],
    title: string,
    instructions: string,
    answered: (responses: readonly string[] | Error) => void,
  ): void;
}

export interface ParsedKey {
  readonly type: string;
  getPublicSSH(): Buffer;
  isPrivateKey(): boolean;
  verify(data: Buffer, signature: Buffer, hashAlgo?: string): boolean | Error;
}

declare const ssh2: {
  readonly Server: typeof Server;
  readonly utils: {
    parseKey(key: string | Buffer): ParsedKey | readonly ParsedKey[] | Error;
  };
};
export { Server };
export default ssh2;
