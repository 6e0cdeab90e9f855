/**
 * Keeping a connection to the server: hello, waiting for all that was missed, and again when it
 * breaks. What the messages say is not its business.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { ClientMessage, HelloMessage, ServerMessage } from "../protocol.ts";
import { Backoff } from "./backoff.ts";
import { Connection } from "./connection.ts";

export type Status =
  /** Not started. */
  | { readonly type: "idle" }
  | { readonly type: "connecting" }
  /** The server wants another name. */
  | { readonly type: "refused"; readonly code: string; readonly text: string }
  /** In, and being told what was missed. */
  | { readonly type: "catchingUp" }
  | { readonly type: "live" }
  /** Trying again in `ms` milliseconds; `why` is what the server said last, if anything. */
  | { readonly type: "waiting"; readonly ms: number; readonly why?: string }
  /** Not coming back by itself. */
  | { readonly type: "ended"; readonly reason: "quit" | "takenOver"; readonly text?: string };

export interface LinkOptions {
  readonly url: string;
  readonly openSocket: (url: string) => WebSocket;
  readonly clock: Clock;
  readonly random: () => number;
  /** Builds the first message of a connection. */
  hello(): HelloMessage;
  onMessage(message: ServerMessage): void;
  /** Called after {@linkcode Link.status} has changed. */
  onStatus(): void;
  /** The connection that was in use is gone. */
  onLost(): void;
}

/** Close codes, as in `lib/web/README.md`. */
const QUIT = 1000;
const TAKEN_OVER = 4001;

export class Link {
  status: Status = { type: "idle" };
  readonly #options: LinkOptions;
  readonly #backoff: Backoff;
  #connection: Connection | undefined;
  #farewell: string | undefined;
  #cancelRetry: () => void = () => {};

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.random);
  }

  /** Connects; where the server wants another name, says hello again. */
  start(): void {
    if (this.status.type === "refused" && this.#connection) {
      this.#become({ type: "connecting" });
      this.#connection.send(this.#options.hello());
      return;
    }
    this.#connect();
  }

  /** Asks whether the server is there; if it is waited for, tries again now. */
  check(): void {
    if (this.status.type === "waiting") this.#connect();
    else this.#connection?.check();
  }

  /** Sends a message; without a connection it goes nowhere. */
  send(message: ClientMessage): void {
    this.#connection?.send(message);
  }

  /** Ends it for good. */
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
      this.#become({ type: "refused", code: message.code, text: message.text });
      return;
    }
    if (message.type === "bye") this.#farewell = message.text;
    if (message.type === "welcome") this.#become({ type: "catchingUp" });
    // First the others: that all has come is only true once they have seen it.
    this.#options.onMessage(message);
    // It comes again whenever a slow reader has caught up.
    if (message.type === "live" && this.status.type === "catchingUp") {
      this.#backoff.reset();
      this.#become({ type: "live" });
    }
  }

  #closed(code: number): void {
    this.#connection = undefined;
    // It was only waiting for a name: there is nothing to come back to before there is one.
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
