/**
 * The socket on which a service manager such as systemd is told of the state of the server
 * (sd_notify(3)). Nothing here ever fails: the server does not depend on who supervises it.
 *
 * @module
 */

import { log } from "../../log.ts";
import { openUnnamedSocket } from "./unnamed_socket.ts";

const encoder = new TextEncoder();

export class NotifySocket {
  readonly #socket: Deno.DatagramConn;
  readonly #to: Deno.UnixAddr;
  /** What was sent before, so that messages keep their order. */
  #sent: Promise<unknown> = Promise.resolve();

  private constructor(socket: Deno.DatagramConn, path: string) {
    this.#socket = socket;
    this.#to = { transport: "unixpacket", path };
  }

  /**
   * Opens a socket to the manager.
   *
   * @param address The value of `NOTIFY_SOCKET`; `@` begins a name in the abstract namespace, for
   * which Deno 2.7 is too old.
   */
  static open(address: string): NotifySocket | undefined {
    if (!/^[/@]./.test(address)) return undefined;
    try {
      return new NotifySocket(openUnnamedSocket(), address.replace(/^@/, "\0"));
    } catch (error) {
      NotifySocket.#explain(error);
      return undefined;
    }
  }

  /** Sends assignments such as `{ READY: 1 }`. */
  send(state: Readonly<Record<string, string | number>>): void {
    const lines = Object.entries(state).map(([name, value]) => {
      // A line end would begin another assignment.
      const text = String(value).replace(/[\r\n]+/g, " ");
      return `${name}=${text}\n`;
    });
    const bytes = encoder.encode(lines.join(""));
    this.#sent = this.#sent.then(() => this.#socket.send(bytes, this.#to))
      .catch(NotifySocket.#explain);
  }

  /** Closes the socket once everything has been sent. */
  async close(): Promise<void> {
    await this.#sent;
    this.#socket.close();
  }

  static #explain(this: void, error: unknown): void {
    const { message } = error as Error;
    log("cli").debug("Cannot tell the service manager: {message}", { message });
  }
}
