/** A TCP peer that sends exactly the given bytes, and reads only when told to. */

import { Buffer } from "node:buffer";
import { OPCODES } from "../../lib/codec/websocket_frame.ts";
import { within } from "./patience.ts";

const encoder = new TextEncoder();

export class RawPeer implements Disposable {
  readonly connection: Deno.Conn;
  /** Bytes read and not yet taken, one character for each. */
  #rest = "";

  constructor(connection: Deno.Conn) {
    this.connection = connection;
  }

  static async connect(port: number): Promise<RawPeer> {
    return new RawPeer(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  async send(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? encoder.encode(data) : data;
    for (let at = 0; at < bytes.length;) at += await this.connection.write(bytes.subarray(at));
  }

  /** Ends our side. */
  endWriting(): Promise<void> {
    return this.connection.closeWrite();
  }

  /** Reads up to the end of `text`; returns `""` if the peer ends first. */
  async readUntil(text: string): Promise<string> {
    for (;;) {
      const at = this.#rest.indexOf(text);
      if (at !== -1) return this.#take(at + text.length);
      if (!await this.#read()) return "";
    }
  }

  /** Reads until the peer ends. */
  async readAll(): Promise<string> {
    while (await this.#read());
    return this.#take(this.#rest.length);
  }

  /** Reads a response with a Content-Length or a chunked body. */
  async readResponse(): Promise<{ status: number; head: string; body: string }> {
    const head = await this.readUntil("\r\n\r\n");
    const status = Number(head.split(" ")[1]);
    const [, length] = /content-length: (\d+)/i.exec(head) ?? [];
    if (length !== undefined) return { status, head, body: await this.readBytes(Number(length)) };
    let body = "";
    if (!/transfer-encoding: chunked/i.test(head)) return { status, head, body };
    for (;;) {
      const size = parseInt(await this.readUntil("\r\n"), 16);
      const chunk = await this.readBytes(size);
      await this.readBytes(2);
      if (!(size > 0)) return { status, head, body };
      body += chunk;
    }
  }

  /** Reads `count` bytes, or fewer if the peer ends first. */
  async readBytes(count: number): Promise<string> {
    while (this.#rest.length < count && await this.#read());
    return this.#take(count);
  }

  /** Upgrades to a WebSocket. */
  async upgrade(headers = ""): Promise<void> {
    await this.send(upgradeRequest(headers));
    const answer = await this.readUntil("\r\n\r\n");
    if (!answer.startsWith("HTTP/1.1 101 ")) throw new Error(`No upgrade: ${answer}`);
  }

  /** Sends a WebSocket message. */
  sendMessage(message: unknown): Promise<void> {
    return this.send(clientFrame(OPCODES.text, encoder.encode(JSON.stringify(message))));
  }

  /** Reads the next WebSocket frame; opcode -1 if the peer ends first. */
  async readFrame(): Promise<{ opcode: number; payload: string }> {
    const head = await this.readBytes(2);
    if (head.length < 2) return { opcode: -1, payload: "" };
    let length = head.charCodeAt(1);
    const more = length === 126 ? 2 : length === 127 ? 8 : 0;
    if (more > 0) {
      length = [...await this.readBytes(more)].reduce((n, c) => n * 256 + c.charCodeAt(0), 0);
    }
    return { opcode: head.charCodeAt(0) & 0x0f, payload: await this.readBytes(length) };
  }

  /** Reads up to the next WebSocket frame with this opcode; returns its payload. */
  async readFrameOf(opcode: number): Promise<string> {
    for (;;) {
      const frame = await this.readFrame();
      if (frame.opcode === opcode) return frame.payload;
      if (frame.opcode === -1) throw new Error(`The peer ended before a frame of opcode ${opcode}`);
    }
  }

  /** Reads the next WebSocket message, skipping pings; `undefined` at the end. */
  // deno-lint-ignore no-explicit-any -- tests read only the fields they expect
  async readMessage(): Promise<any> {
    for (;;) {
      const { opcode, payload } = await this.readFrame();
      if (opcode === OPCODES.text) return JSON.parse(utf8(payload));
      if (opcode === OPCODES.close || opcode === -1) return undefined;
    }
  }

  [Symbol.dispose](): void {
    try {
      this.connection.close();
    } catch {
      // It is already closed.
    }
  }

  #take(count: number): string {
    const taken = this.#rest.slice(0, count);
    this.#rest = this.#rest.slice(count);
    return taken;
  }

  async #read(): Promise<boolean> {
    const buffer = new Uint8Array(64 * 1024);
    const reading = this.connection.read(buffer).catch(() => null);
    const length = await within("bytes of a raw peer", reading);
    if (length === null) return false;
    // Not with `TextDecoder`, whose "latin1" is windows-1252.
    this.#rest += Buffer.from(buffer.buffer, 0, length).toString("latin1");
    return true;
  }
}

/** The request that opens a WebSocket, with the key of RFC 6455, 1.2. */
export function upgradeRequest(headers = "", host = "localhost"): string {
  return `GET /ws HTTP/1.1\r\nHost: ${host}\r\nConnection: keep-alive, Upgrade\r\n` +
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
    `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${headers}\r\n`;
}

/** A masked frame, as clients send it. */
export function clientFrame(opcode: number, payload: Uint8Array, isFinal = true): Uint8Array {
  const { length } = payload;
  const head = [opcode | (isFinal ? 0x80 : 0)];
  if (length < 126) head.push(0x80 | length);
  else if (length < 0x10000) head.push(0xfe, length >> 8, length & 0xff);
  else {head.push(
      0xff,
      0,
      0,
      0,
      0,
      length >>> 24,
      (length >> 16) & 255,
      (length >> 8) & 255,
      length & 255,
    );}
  const mask = [0x37, 0xfa, 0x21, 0x3d];
  return Uint8Array.from([...head, ...mask, ...payload.map((byte, at) => byte ^ mask[at & 3])]);
}

function utf8(bytes: string): string {
  return new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));
}
