/**
 * Keeps a telnet connection alive: sends a client that was sent nothing for a while a command that
 * it ignores. Only a missing acknowledgement tells the system that the client's machine is gone.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import { IAC, NOP } from "../../codec/telnet_code.ts";
import type { Terminal } from "./terminal.ts";

const INTERVAL_MS = 30_000;
const TELNET_NOP = Uint8Array.of(IAC, NOP);

export class TelnetKeepAlive {
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  /** The bytes that the peer had taken when something was last sent, and when that was. */
  #takenBytes = 0;
  #sentAt = -Infinity;

  constructor(terminal: Terminal, clock: Clock) {
    this.#terminal = terminal;
    this.#clock = clock;
  }

  /** Sends the command, for a client that knows telnet. */
  nudge(): void {
    this.#terminal.outbox.offer(TELNET_NOP);
  }

  /** Call this about once a second. */
  check(): void {
    const { knowsTelnet, outbox } = this.#terminal;
    const now = this.#clock.monotonic();
    const isIdle = outbox.takenBytes === this.#takenBytes;
    if (isIdle && now - this.#sentAt < INTERVAL_MS) return;
    if (isIdle && knowsTelnet) this.nudge();
    this.#takenBytes = outbox.takenBytes;
    this.#sentAt = now;
  }
}
