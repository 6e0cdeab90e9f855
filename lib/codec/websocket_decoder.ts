/**
 * WebSocket frames as a server receives them (RFC 6455 section 5).
 *
 * Bytes in, messages out; no extensions, no sockets. A message over the limit is refused by its
 * frame header, before any of it is stored.
 *
 * @module
 */

import { MAX_CONTROL_BYTES, OPCODES } from "./websocket_frame.ts";

/** A message or control frame from a client. */
export type WebSocketMessage =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "binary"; readonly payload: Uint8Array<ArrayBuffer> }
  | { readonly type: "ping" | "pong"; readonly payload: Uint8Array<ArrayBuffer> }
  /** Code 1005 means that the frame had no code (section 7.4.1). */
  | { readonly type: "close"; readonly code: number };

/** A violation of the protocol by the client. */
export class WebSocketError extends Error {
  override readonly name = "WebSocketError";
  /** The code to close with (section 7.4.1). */
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const FIN = 0x80;
const RESERVED = 0x70;
const MASKED = 0x80;

/** Decodes what one client sends, in chunks of any size. */
export class WebSocketDecoder {
  readonly #maxMessageBytes: number;
  readonly #takesBinary: boolean;
  /** Header bytes of the current frame; a client's header has 6 to 14. */
  readonly #head = new Uint8Array(14);
  #headLength = 0;
  /** Opcode of the current frame, once its header is complete. */
  #opcode: number | undefined;
  #isFinal = false;
  #mask: Uint8Array = NOTHING;
  #frameLength = 0;
  #frameRead = 0;
  /** Payload of the current message, from all its frames so far. */
  #text: Uint8Array<ArrayBuffer> = NOTHING;
  #textLength = 0;
  #isFragmented = false;
  /** Whether the current message is binary. */
  #isBinary = false;
  #control: Uint8Array<ArrayBuffer> = NOTHING;

  /** @param takesBinary Whether binary messages are decoded, too, instead of refused. */
  constructor(maxMessageBytes: number, takesBinary = false) {
    this.#maxMessageBytes = maxMessageBytes;
    this.#takesBinary = takesBinary;
  }

  /**
   * Yields the messages that `chunk` completes.
   *
   * @throws {WebSocketError} if the client breaks the protocol; no more can be decoded then.
   */
  *decode(chunk: Uint8Array): Generator<WebSocketMessage, void> {
    let at = 0;
    for (;;) {
      if (this.#opcode === undefined) {
        at = this.#readHead(chunk, at);
        if (this.#opcode === undefined) return;
      }
      at = this.#readPayload(chunk, at);
      if (this.#frameRead < this.#frameLength) return;
      const message = this.#finishFrame();
      if (message) yield message;
    }
  }

  /** Reads header bytes; sets the opcode once the header is complete. */
  #readHead(chunk: Uint8Array, start: number): number {
    let at = start;
    while (at < chunk.length) {
      this.#head[this.#headLength++] = chunk[at++];
      if (this.#headLength < 2) continue;
      const short = this.#head[1] & 0x7f;
      const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
      // Check now: an unmasked frame would otherwise wait for a mask that never comes.
      if (this.#headLength === 2) this.#check(this.#head[0], this.#head[1]);
      if (this.#headLength < 6 + lengthBytes) continue;
      this.#startFrame(lengthBytes);
      break;
    }
    return at;
  }

  #check(first: number, second: number): void {
    const opcode = first & 0x0f;
    if ((first & RESERVED) !== 0) {
      throw new WebSocketError(1002, "Reserved bits are set, but no extension was negotiated");
    }
    if ((second & MASKED) === 0) {
      throw new WebSocketError(1002, "Frames from a client must be masked");
    }
    if (opcode >= OPCODES.close) {
      if (opcode > OPCODES.pong) throw new WebSocketError(1002, `Unknown opcode ${opcode}`);
      if ((first & FIN) === 0) {
        throw new WebSocketError(1002, "A control frame must not be fragmented");
      }
      if ((second & 0x7f) > MAX_CONTROL_BYTES) {
        throw new WebSocketError(1002, "A control frame must not exceed 125 bytes");
      }
    } else if (opcode === OPCODES.binary && !this.#takesBinary) {
      throw new WebSocketError(1003, "Only text messages are supported");
    } else if (opcode > OPCODES.binary) {
      throw new WebSocketError(1002, `Unknown opcode ${opcode}`);
    } else if ((opcode === OPCODES.continuation) !== this.#isFragmented) {
      throw new WebSocketError(1002, "Fragments of two messages are mixed");
    }
  }

  #startFrame(lengthBytes: number): void {
    const view = new DataView(this.#head.buffer);
    const length = lengthBytes === 0
      ? this.#head[1] & 0x7f
      : lengthBytes === 2
      ? view.getUint16(2)
      : Number(view.getBigUint64(2));
    const opcode = this.#head[0] & 0x0f;
    if (opcode < OPCODES.close) this.#reserve(length);
    else this.#control = new Uint8Array(length);
    if (opcode === OPCODES.text || opcode === OPCODES.binary) {
      this.#isBinary = opcode === OPCODES.binary;
    }
    this.#opcode = opcode;
    this.#isFinal = (this.#head[0] & FIN) !== 0;
    this.#mask = this.#head.slice(2 + lengthBytes, 6 + lengthBytes);
    this.#frameLength = length;
    this.#frameRead = 0;
    this.#headLength = 0;
  }

  /** Doubles the buffer, so that a message in tiny frames is not copied for each of them. */
  #reserve(length: number): void {
    const needed = this.#textLength + length;
    if (needed > this.#maxMessageBytes) {
      throw new WebSocketError(1009, `A message may have up to ${this.#maxMessageBytes} bytes`);
    }
    if (needed <= this.#text.length) return;
    const larger = new Uint8Array(
      Math.min(Math.max(needed, this.#text.length * 2), this.#maxMessageBytes),
    );
    larger.set(this.#text.subarray(0, this.#textLength));
    this.#text = larger;
  }

  #readPayload(chunk: Uint8Array, start: number): number {
    const end = Math.min(chunk.length, start + this.#frameLength - this.#frameRead);
    const isControl = this.#opcode! >= OPCODES.close;
    const target = isControl ? this.#control : this.#text;
    let to = isControl ? this.#frameRead : this.#textLength;
    for (let at = start; at < end; at++) {
      target[to++] = chunk[at] ^ this.#mask[this.#frameRead++ & 3];
    }
    if (!isControl) this.#textLength = to;
    return end;
  }

  #finishFrame(): WebSocketMessage | undefined {
    const opcode = this.#opcode!;
    this.#opcode = undefined;
    if (opcode === OPCODES.close) return readClose(this.#control);
    if (opcode >= OPCODES.close) {
      return { type: opcode === OPCODES.ping ? "ping" : "pong", payload: this.#control };
    }
    this.#isFragmented = !this.#isFinal;
    if (this.#isFragmented) return undefined;
    const payload = this.#text.subarray(0, this.#textLength);
    const message: WebSocketMessage = this.#isBinary
      ? { type: "binary", payload }
      : { type: "text", text: decodeText(payload) };
    this.#text = NOTHING;
    this.#textLength = 0;
    return message;
  }
}

const NOTHING = new Uint8Array();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decodeText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new WebSocketError(1007, "Text must be UTF-8");
  }
}

function readClose(payload: Uint8Array<ArrayBuffer>): WebSocketMessage {
  if (payload.length === 0) return { type: "close", code: 1005 };
  const code = payload.length === 1 ? 0 : new DataView(payload.buffer).getUint16(0);
  const isKnown = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
    (code >= 3000 && code <= 4999);
  if (!isKnown) throw new WebSocketError(1002, "Invalid code in a close frame");
  decodeText(payload.subarray(2));
  return { type: "close", code };
}
