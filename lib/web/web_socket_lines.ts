/**
 * A WebSocket as a connection that carries lines: each message, in either direction, is a line
 * without its end (IRCv3 "websocket").
 *
 * @module
 */

import { encodeFrame, OPCODES } from "../codec/websocket_frame.ts";
import type { ByteConnection } from "../transport/connection.ts";
import type { WebSocketPeer } from "./http/web_socket.ts";

const CR = 0x0d;
const LF = 0x0a;
/** Largest write, so that a slow peer is seen to take something now and then. */
const LARGEST_WRITE = 16 * 1024;

export interface WebSocketLinesOptions {
  /** What the WebSocket runs over. */
  readonly carrier: Pick<ByteConnection, "remote" | "address" | "localAddress">;
  /** Whether lines are sent as binary messages, instead of text. */
  readonly isBinary: boolean;
}

export class WebSocketLines implements ByteConnection {
  readonly remote: string;
  readonly address: string;
  readonly localAddress: string | undefined;
  readonly #socket: WebSocketPeer;
  readonly #opcode: number;

  constructor(socket: WebSocketPeer, { carrier, isBinary }: WebSocketLinesOptions) {
    this.remote = carrier.remote;
    this.address = carrier.address;
    this.localAddress = carrier.localAddress;
    this.#socket = socket;
    this.#opcode = isBinary ? OPCODES.binary : OPCODES.text;
  }

  get bytes(): AsyncIterable<Uint8Array> {
    return this.#readLines();
  }

  /** Sends whole lines, of which there always are some in what an outbox writes. */
  async write(bytes: Uint8Array): Promise<number> {
    const end = bytes.length <= LARGEST_WRITE
      ? bytes.length
      : bytes.lastIndexOf(LF, LARGEST_WRITE - 1) + 1 || bytes.indexOf(LF) + 1 || bytes.length;
    for (let at = 0; at < end;) {
      const next = bytes.indexOf(LF, at) + 1 || end;
      this.#socket.send(encodeFrame(this.#opcode, withoutEnd(bytes.subarray(at, next))));
      at = next;
    }
    if (end > 0 && !await this.#socket.drained()) {
      throw new Deno.errors.BrokenPipe("WebSocket is closed");
    }
    return end;
  }

  closeWrite(): Promise<void> {
    this.#socket.close(1000);
    return Promise.resolve();
  }

  close(): void {
    this.#socket.close(1000);
  }

  async *#readLines(): AsyncGenerator<Uint8Array, void> {
    for await (const payload of this.#socket.payloads()) {
      const line = withoutEnd(payload);
      const ended = new Uint8Array(line.length + 1);
      ended.set(line);
      ended[line.length] = LF;
      yield ended;
    }
  }
}

/** A line without CR LF; some clients send it although nothing needs it. */
function withoutEnd(line: Uint8Array): Uint8Array {
  let { length } = line;
  if (line[length - 1] === LF) length--;
  if (line[length - 1] === CR) length--;
  return line.subarray(0, length);
}
