/**
 * What the peer's terminal says of itself over telnet.
 *
 * @module
 */

import type { TelnetPeer } from "../codec/telnet.ts";
import type { Outbox } from "./outbox.ts";

/** The other side of a session's telnet filter. */
export class Terminal implements TelnetPeer {
  /** Width and height as the client gave them: may be 0 or absurd; `undefined` if it never did. */
  columns: number | undefined;
  rows: number | undefined;
  /** The first name that the client gave its terminal, e.g. `XTERM-256COLOR`. */
  type: string | undefined;
  /** Called when the peer asks to interrupt, usually by Ctrl-C. */
  onInterrupt: (() => void) | undefined;
  readonly #outbox: Outbox;

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  reply(bytes: Uint8Array): void {
    this.#outbox.push(bytes);
  }

  windowSize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
  }

  terminalType(name: string): void {
    this.type ??= name;
  }

  interrupt(): void {
    // Later, when the timing mark that a client sends along has been answered: until then the
    // client throws away what it is sent.
    queueMicrotask(() => this.onInterrupt?.());
  }
}
