/**
 * A connection to the server that says hello, waits until it has caught up, and reconnects when it
 * breaks. It does not interpret messages beyond that.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { ClientMessage, ErrorMessage, HelloMessage, ServerMessage } from "../protocol.ts";
import { Connection } from "./connection.ts";

export type Status =
  /** Not started. */
  | { readonly type: "idle" }
  | { readonly type: "connecting" }
  /** The server refused the name, or a password; `needs` is the field that is missing or wrong. */
  | {
    readonly type: "refused";
    readonly code: string;
    readonly text: string;
    readonly needs?: ErrorMessage["needs"];
  }
  /** Welcomed, and receiving what was missed. */
  | { readonly type: "catchingUp" }
  | { readonly type: "live" }
  /** Reconnecting in `ms` milliseconds; `why` is the server's last sentence, if any. */
  | { readonly type: "waiting"; readonly ms: number; readonly why?: string }
  /** Closed; it will not reconnect by itself. */
  | { readonly type: "ended"; readonly reason: "quit" | "takenOver"; readonly text?: string };

export interface ReconnectingConnectionOptions {
  readonly url: string;
  readonly openSocket: (url: string) => WebSocket;
  readonly clock: Clock;
  readonly random: () => number;
  /** Builds the first message of a connection. */
  hello(): HelloMessage;
  onMessage(message: ServerMessage): void;
  /** Called after {@linkcode ReconnectingConnection.status} has changed. */
  onStatus(): void;
  /** Called when an established connection is lost. */
  onLost(): void;
}

/** Close codes, as in `lib/web/README.md`. */
const QUIT = 1000;
const TAKEN_OVER = 4001;

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;

export class ReconnectingConnection {
  status: Status = { type: "idle" };
  readonly #options: ReconnectingConnectionOptions;
  readonly #backoff: Backoff;
  #connection: Connection | undefined;
  #farewell: string | undefined;
  #cancelRetry: () => void = () => {};

  constructor(options: ReconnectingConnectionOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.random);
  }

  /** Connects; if the server refused the name, says hello again on the same connection. */
  start(): void {
    if (this.status.type === "refused" && this.#connection) {
      this.#become({ type: "connecting" });
      this.#connection.send(this.#options.hello());
      return;
    }
    this.#connect();
  }

  /** Checks that the server still answers; if waiting to reconnect, reconnects now. */
  check(): void {
    if (this.status.type === "waiting") this.#connect();
    else this.#connection?.check();
  }

  /** Sends a message, or drops it if there is no connection. */
  send(message: ClientMessage): void {
    this.#connection?.send(message);
  }

  /** Disconnects and does not reconnect. */
  stop(): void {
    this.#cancelRetry();
    this.#connection?.close();
    this.#connection = undefined;
    this.#become({ type: "ended", reason: "quit" });
  }

  #connect(): void {
    this.#cancelRetry();
    this.#connection?.close();
    this.#farewell = undefined;
    this.#become({ type: "connecting" });
    const { url, openSocket, clock, hello } = this.#options;
    const connection = new Connection({
      url,
      openSocket,
      clock,
      onOpen: () => connection.send(hello()),
      onMessage: (message) => this.#received(message),
      onClose: (code) => this.#closed(code),
    });
    this.#connection = connection;
  }

  #received(message: ServerMessage): void {
    if (message.type === "error" && this.status.type === "connecting") {
      const { code, text, needs } = message;
      this.#become({ type: "refused", code, text, ...(needs && { needs }) });
      return;
    }
    if (message.type === "bye") this.#farewell = message.text;
    if (message.type === "welcome") this.#become({ type: "catchingUp" });
    // Deliver first: we are live only after the owner has seen everything up to here.
    this.#options.onMessage(message);
    // The server repeats "live" whenever a slow reader has caught up.
    if (message.type === "live" && this.status.type === "catchingUp") {
      this.#backoff.reset();
      this.#become({ type: "live" });
    }
  }

  #closed(code: number): void {
    this.#connection = undefined;
    // Without an accepted name there is no session to reconnect to.
    if (this.status.type === "refused") return;
    this.#options.onLost();
    const text = this.#farewell;
    if (code === QUIT) this.#become({ type: "ended", reason: "quit", text });
    else if (code === TAKEN_OVER) this.#become({ type: "ended", reason: "takenOver", text });
    else this.#wait(text);
  }

  #wait(why: string | undefined): void {
    const ms = this.#backoff.next();
    this.#cancelRetry = this.#options.clock.after(ms, () => this.#connect());
    this.#become({ type: "waiting", ms, why });
  }

  #become(status: Status): void {
    this.status = status;
    this.#options.onStatus();
  }
}

/**
 * Exponential backoff with jitter, so that a restarted server is not overrun by all its clients at
 * once.
 */
export class Backoff {
  readonly #random: () => number;
  #attempts = 0;

  /** @param random Returns numbers in [0, 1). */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** The next delay in milliseconds: 500, doubled each time up to 30,000, less a random half. */
  next(): number {
    const longest = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#attempts);
    // Counting on beyond the longest delay would overflow in a tab left open for a year.
    if (longest < MAX_DELAY_MS) this.#attempts++;
    return longest * (1 - this.#random() / 2);
  }

  /** Starts again with the shortest delay. */
  reset(): void {
    this.#attempts = 0;
  }
}
