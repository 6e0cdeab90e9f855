/**
 * One WebSocket that carries JSON and detects when it is dead. It has to, because browsers report
 * neither pings nor a pulled cable.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { ClientMessage, ServerMessage } from "../protocol.ts";

/** Time for the handshake. */
const OPEN_DEADLINE_MS = 10_000;
/** Silence after which we send a ping. */
const SILENCE_MS = 20_000;
/** Time for the server to answer a ping. */
const PONG_DEADLINE_MS = 10_000;
/** Close code of a connection that ended without a close frame: RFC 6455, 7.4.1. */
const ABNORMAL = 1006;

export interface ConnectionOptions {
  readonly url: string;
  readonly openSocket: (url: string) => WebSocket;
  readonly clock: Clock;
  onOpen(): void;
  onMessage(message: ServerMessage): void;
  /** Called once when the connection ends, except by {@linkcode Connection.close}. */
  onClose(code: number): void;
}

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #socket: WebSocket;
  #isOpen = false;
  #isOver = false;
  #cancelTimer: () => void;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#socket = options.openSocket(options.url);
    this.#socket.onopen = () => this.#opened();
    this.#socket.onmessage = ({ data }) => this.#received(data);
    this.#socket.onclose = ({ code }) => this.#end(code);
    this.#cancelTimer = options.clock.after(OPEN_DEADLINE_MS, () => this.#giveUp());
  }

  /** Sends a message, or drops it if the connection is not open. */
  send(message: ClientMessage): void {
    if (this.#isOpen && !this.#isOver) this.#socket.send(JSON.stringify(message));
  }

  /** Pings the server now: after sleep, or when the network came back. */
  check(): void {
    if (!this.#isOpen || this.#isOver) return;
    this.#cancelTimer();
    this.send({ type: "ping" });
    this.#cancelTimer = this.#options.clock.after(PONG_DEADLINE_MS, () => this.#giveUp());
  }

  /** Closes the connection without calling {@linkcode ConnectionOptions.onClose}. */
  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelTimer();
    this.#socket.close();
  }

  #opened(): void {
    if (this.#isOver) return;
    this.#isOpen = true;
    this.#waitForSilence();
    this.#options.onOpen();
  }

  #received(data: unknown): void {
    if (this.#isOver || typeof data !== "string") return;
    this.#waitForSilence();
    this.#options.onMessage(JSON.parse(data));
  }

  #waitForSilence(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.after(SILENCE_MS, () => this.check());
  }

  /** Reports the end at once, because a dead socket may take minutes to close. */
  #giveUp(): void {
    if (this.#isOver) return;
    this.#end(ABNORMAL);
    this.#socket.close();
  }

  #end(code: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelTimer();
    this.#options.onClose(code);
  }
}
