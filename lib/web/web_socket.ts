/**
 * One WebSocket, the server's end (RFC 6455): messages as text, pings and the goodbye looked
 * after.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { Clock } from "../clock.ts";
import { terminalJson } from "../codec/terminal_text.ts";
import { WebSocketDecoder, WebSocketError } from "../codec/websocket_decoder.ts";
import { encodeClose, encodeFrame, OPCODES } from "../codec/websocket_frame.ts";
import type { ConnectionContext } from "../context.ts";
import type { FloodGuard } from "../server/flood_guard.ts";
import type { Outbox } from "../server/outbox.ts";
import type { TimeLimits } from "../server/time_limits.ts";
import type { ByteSource } from "./byte_source.ts";

/** Largest message from a client: 4096 bytes of text, each escaped, and something around them. */
export const MOST_MESSAGE_BYTES = 32 * 1024;
const PING_INTERVAL_MS = 30_000;
/** Appended to the key before it is hashed (section 1.3). */
const ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const PING = encodeFrame(OPCODES.ping, new Uint8Array());
const encoder = new TextEncoder();

export interface WebSocketPeerOptions {
  readonly context: ConnectionContext;
  readonly source: ByteSource;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly guard: FloodGuard;
  readonly limits: TimeLimits;
  /** Ends the connection, once what is queued has been read. */
  readonly end: () => void;
}

export class WebSocketPeer {
  readonly context: ConnectionContext;
  /** Called when the server is about to stop, before the goodbye. */
  onStop: (() => void) | undefined;
  readonly #options: WebSocketPeerOptions;
  readonly #outbox: Outbox;
  readonly #decoder = new WebSocketDecoder(MOST_MESSAGE_BYTES);
  #pingedAt: number;
  #isClosing = false;
  #endPause: (() => void) | undefined;

  constructor(options: WebSocketPeerOptions) {
    this.context = options.context;
    this.#outbox = options.outbox;
    this.#options = options;
    this.#pingedAt = options.clock.monotonic();
  }

  /** Whether all is over, but for what is still on its way to the peer. */
  get isEnded(): boolean {
    return this.#isClosing;
  }

  /** What the peer sends, message by message, until either side says goodbye. */
  async *messages(): AsyncGenerator<string, void> {
    try {
      for await (const chunk of this.#options.source.readAll()) {
        for (const message of this.#decoder.decode(chunk)) {
          if (this.#isClosing) return;
          if (message.type === "text") yield message.text;
          else if (message.type === "ping") await this.#pong(message.payload);
          else if (message.type === "close") return this.close(message.code);
        }
        if (this.#isClosing) return;
      }
    } catch (error) {
      if (!(error instanceof WebSocketError)) throw error;
      this.close(error.code, error.message);
    }
  }

  /** Queues a frame as `Outbox.push` does. Nothing may follow a goodbye (section 5.5.1). */
  push(frame: Uint8Array): boolean {
    return this.#isClosing || this.#outbox.push(frame);
  }

  /** Queues a frame as `Outbox.offer` does. */
  offer(frame: Uint8Array): boolean {
    return this.#isClosing || this.#outbox.offer(frame);
  }

  /** As `Outbox.ready`. */
  async ready(): Promise<boolean> {
    return await this.#outbox.ready() && !this.#isClosing;
  }

  /** As `Outbox.drained`. */
  async drained(): Promise<boolean> {
    return await this.#outbox.drained() && !this.#isClosing;
  }

  /** Counts a message for flood control, and waits as long as that says. */
  async pace(): Promise<void> {
    const waitMs = this.#options.guard.admit();
    if (waitMs === 0 || this.#isClosing) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#options.clock.after(waitMs, resolve);
      this.#endPause = () => {
        cancel();
        resolve();
      };
    });
  }

  /** Says what must happen within `ms` milliseconds, unless {@linkcode clearDeadline} is called. */
  setDeadline(ms: number, sentence: string): void {
    this.#options.limits.setDeadline(ms, sentence);
  }

  clearDeadline(): void {
    this.#options.limits.clearDeadline();
  }

  /** Says goodbye and ends the connection. Safe to call again. */
  close(code: number, reason = ""): void {
    if (this.#isClosing) return;
    // No code stands for none, and may not be sent (section 7.4.1).
    this.push(code === 1005 ? encodeFrame(OPCODES.close, NOTHING) : encodeClose(code, reason));
    this.#isClosing = true;
    this.#endPause?.();
    this.#options.end();
  }

  /** Ends because the server does. */
  stop(): void {
    if (this.#isClosing) return;
    this.onStop?.();
    this.close(1001, "The server is stopping");
  }

  /** Pings; called about once a second. */
  check(): void {
    const now = this.#options.clock.monotonic();
    if (this.#isClosing || now - this.#pingedAt < PING_INTERVAL_MS) return;
    this.#pingedAt = now;
    this.offer(PING);
  }

  /** Whoever pings and does not read what comes back is not asked for the next one. */
  async #pong(payload: Uint8Array): Promise<void> {
    if (await this.ready()) this.push(encodeFrame(OPCODES.pong, payload));
  }
}

const NOTHING = new Uint8Array();

/** JSON as a text frame, with the same escapes as all JSON that leaves the server. */
export function encodeText(json: string): Uint8Array<ArrayBuffer> {
  return encodeFrame(OPCODES.text, encoder.encode(terminalJson(json)));
}

/** What the client's key becomes in the answer; it shows that the server speaks WebSocket. */
export function acceptKey(headers: Headers): string {
  const key = headers.get("sec-websocket-key") ?? "";
  return createHash("sha1").update(key + ACCEPT_SUFFIX).digest("base64");
}
