/**
 * One WebSocket that carries JSON, and notices when it is dead: browsers tell of neither pings nor
 * a cable that was pulled.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { ClientMessage, ServerMessage } from "../protocol.ts";

/** How long the server may take to let us in. */
const OPEN_DEADLINE_MS = 10_000;
/** Silence after which we ask whether anybody is there. */
const SILENCE_MS = 20_000;
/** How long the answer to that may take. */
const PONG_DEADLINE_MS = 10_000;
/** What {@linkcode ConnectionOptions.onClose} gets when nobody said why: RFC 6455, 7.4.1. */
const ABNORMAL = 1006;

export interface ConnectionOptions {
  readonly url: string;
  readonly openSocket: (url: string) => WebSocket;
  readonly clock: Clock;
  onOpen(): void;
  onMessage(message: ServerMessage): void;
  /** Called once, whoever ended it, unless {@linkcode Connection.close} did. */
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

  /** Sends a message; once the connection is over it goes nowhere. */
  send(message: ClientMessage): void {
    if (this.#isOpen && !this.#isOver) this.#socket.send(JSON.stringify(message));
  }

  /** Asks at once whether the other side is there: after sleep, or when the network came back. */
  check(): void {
    if (!this.#isOpen || this.#isOver) return;
    this.#cancelTimer();
    this.send({ type: "ping" });
    this.#cancelTimer = this.#options.clock.after(PONG_DEADLINE_MS, () => this.#giveUp());
  }

  /** Ends it without a word to {@linkcode ConnectionOptions.onClose}. */
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

  /** A socket in trouble may take minutes to close, so nobody waits for that. */
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
