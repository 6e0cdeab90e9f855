/**
 * The server's end of one WebSocket (RFC 6455): text messages in and out, pings, and closing.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { type Clock, Pauses } from "../../clock.ts";
import { terminalJson } from "../../codec/terminal_text.ts";
import {
  WebSocketDecoder,
  WebSocketError,
  type WebSocketMessage,
} from "../../codec/websocket_decoder.ts";
import { encodeClose, encodeFrame, OPCODES } from "../../codec/websocket_frame.ts";
import type { ConnectionContext } from "../../context.ts";
import type { ProbedPeer } from "../../server/connections/peer_probes.ts";
import type { TimeLimits } from "../../server/connections/time_limits.ts";
import type { FloodGuard } from "../../server/fairness/flood_guard.ts";
import type { WorkAccount } from "../../server/fairness/work_account.ts";
import type { Outbox } from "../../server/output/outbox.ts";
import type { ByteSource } from "./byte_source.ts";

/**
 * Largest message from a client: the largest text that it may say, with most of its characters
 * escaped, and the JSON around it.
 */
export const MAX_MESSAGE_BYTES = 64 * 1024;
const PING_INTERVAL_MS = 30_000;
/** Appended to the client's key before hashing (section 1.3). */
const ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
type DataMessage = Extract<WebSocketMessage, { type: "text" | "binary" }>;

const PING = encodeFrame(OPCODES.ping, new Uint8Array());
const encoder = new TextEncoder();

export interface WebSocketPeerOptions {
  readonly context: ConnectionContext;
  readonly source: ByteSource;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly guard: FloodGuard;
  /** Charged for what a message causes. */
  readonly work: WorkAccount;
  readonly limits: TimeLimits;
  /** As `PeerProbes.isReachable`. */
  readonly isReachable: (peer: ProbedPeer, onDoubt: () => void) => Promise<boolean>;
  /** Whether binary messages are taken, too. @default {false} */
  readonly takesBinary?: boolean;
  /** Ends the connection once the outbox is empty. */
  readonly end: () => void;
}

export class WebSocketPeer {
  readonly context: ConnectionContext;
  /**
   * Called before closing when the server stops, with what people are told. Closing waits for what it
   * returns.
   */
  onStop: ((farewell: string) => Promise<void> | void) | undefined;
  /** Called about once a second. */
  onCheck: (() => void) | undefined;
  readonly #options: WebSocketPeerOptions;
  readonly #outbox: Outbox;
  readonly #decoder: WebSocketDecoder;
  readonly #pauses: Pauses;
  #pingedAt: number;
  #isClosing = false;

  constructor(options: WebSocketPeerOptions) {
    this.context = options.context;
    this.#outbox = options.outbox;
    this.#options = options;
    this.#decoder = new WebSocketDecoder(MAX_MESSAGE_BYTES, options.takesBinary);
    this.#pauses = new Pauses(options.clock);
    this.#pingedAt = options.clock.monotonic();
    // The messages of a client that is gone are not handled, so they need not be paced.
    const { onBreak } = this.#outbox;
    this.#outbox.onBreak = () => {
      onBreak?.();
      this.#pauses.end();
    };
  }

  /** Whether a close frame has been queued; nothing follows it. */
  get isEnded(): boolean {
    return this.#isClosing;
  }

  /** Yields the peer's text messages until either side closes. */
  async *messages(): AsyncGenerator<string, void> {
    for await (const message of this.#receive()) {
      if (message.type === "text") yield message.text;
    }
  }

  /** The same as bytes, with binary messages. */
  async *payloads(): AsyncGenerator<Uint8Array, void> {
    for await (const message of this.#receive()) {
      yield message.type === "text" ? encoder.encode(message.text) : message.payload;
    }
  }

  async *#receive(): AsyncGenerator<DataMessage, void> {
    try {
      for await (const chunk of this.#options.source.readAll()) {
        for (const message of this.#decoder.decode(chunk)) {
          const turn = this.#options.work.admit();
          if (turn) await turn;
          if (this.#isClosing) return;
          if (message.type === "text" || message.type === "binary") yield message;
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

  /** As {@linkcode Outbox.send}. */
  send(frame: Uint8Array): Promise<boolean> | undefined {
    return this.#isClosing ? undefined : this.#outbox.send(frame);
  }

  /** As {@linkcode Outbox.push}. Nothing may follow a close frame (section 5.5.1). */
  push(frame: Uint8Array): boolean {
    return this.#isClosing || this.#outbox.push(frame);
  }

  /** As {@linkcode Outbox.offer}. */
  offer(frame: Uint8Array, mayWait?: boolean): boolean {
    return this.#isClosing || this.#outbox.offer(frame, mayWait);
  }

  /** What to await before costly work for the peer, if anything. */
  turn(): Promise<void> | undefined {
    return this.#options.work.turn();
  }

  /** As {@linkcode Outbox.ready}. */
  async ready(): Promise<boolean> {
    return await this.#outbox.ready() && !this.#isClosing;
  }

  /** As {@linkcode Outbox.drained}. */
  async drained(): Promise<boolean> {
    return await this.#outbox.drained() && !this.#isClosing;
  }

  /** Counts a message for flood control, and waits if it comes too soon. */
  async pace(): Promise<void> {
    const waitMs = this.#options.guard.admit();
    if (waitMs > 0) await this.#pauses.take(waitMs);
  }

  /** Counts the further lines of a message, and waits if blocks come too fast. */
  async paceBlock(lines: number): Promise<void> {
    const waitMs = this.#options.guard.admitBlock(lines);
    if (waitMs > 0) await this.#pauses.take(waitMs);
  }

  /**
   * Resolves to whether the peer's machine is still there, within a few seconds.
   *
   * @param onDoubt Called if it does not answer within a moment.
   */
  async isReachable(onDoubt: () => void): Promise<boolean> {
    const { limits, isReachable } = this.#options;
    const peer = {
      activity: limits,
      // With a pong (section 5.5.2).
      replies: true,
      nudge: () => void this.offer(PING),
    };
    return await isReachable(peer, onDoubt);
  }

  /** Closes with `sentence` after `ms` milliseconds, unless {@linkcode clearDeadline} is called. */
  setDeadline(ms: number, sentence: string): void {
    this.#options.limits.setDeadline(ms, sentence);
  }

  clearDeadline(): void {
    this.#options.limits.clearDeadline();
  }

  /** Sends a close frame and ends the connection. Safe to call again. */
  close(code: number, reason = ""): void {
    if (this.#isClosing) return;
    // 1005 means that there is no code, and must not be sent (section 7.4.1).
    this.push(code === 1005 ? encodeFrame(OPCODES.close, NOTHING) : encodeClose(code, reason));
    this.#isClosing = true;
    this.#pauses.end();
    this.#options.end();
  }

  /** Closes because the server stops. */
  stop(farewell: string): void {
    if (this.#isClosing) return;
    const close = () => this.close(1001, "The server is stopping");
    const stopped = this.onStop?.(farewell);
    if (stopped) stopped.then(close, close);
    else close();
  }

  /** Pings when it is time to; called about once a second. */
  check(): void {
    this.onCheck?.();
    const now = this.#options.clock.monotonic();
    if (this.#isClosing || now - this.#pingedAt < PING_INTERVAL_MS) return;
    this.#pingedAt = now;
    this.offer(PING);
  }

  /** Waits for room, so that a peer that pings without reading the pongs is read no further. */
  async #pong(payload: Uint8Array): Promise<void> {
    if (await this.ready()) this.push(encodeFrame(OPCODES.pong, payload));
  }
}

const NOTHING = new Uint8Array();

/** JSON as a text frame, with the same escapes as all JSON that leaves the server. */
export function encodeText(json: string): Uint8Array<ArrayBuffer> {
  return encodeFrame(OPCODES.text, encoder.encode(terminalJson(json)));
}

/** `Sec-WebSocket-Accept` for the client's key (section 4.2.2). */
export function acceptKey(headers: Headers): string {
  const key = headers.get("sec-websocket-key") ?? "";
  return createHash("sha1").update(key + ACCEPT_SUFFIX).digest("base64");
}
