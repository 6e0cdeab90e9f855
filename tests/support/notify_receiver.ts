/** The end of a service manager: receives what sd_notify(3) sends, on a real socket. */

import { TemporaryDirectory } from "./temporary_directory.ts";

export class Receiver implements Disposable {
  /** For `NOTIFY_SOCKET`. */
  readonly address: string;
  readonly #directory: TemporaryDirectory | undefined;
  readonly #socket: Deno.DatagramConn;
  readonly #received: string[] = [];
  #wake = () => {};

  constructor({ isAbstract = false } = {}) {
    if (!isAbstract) this.#directory = new TemporaryDirectory();
    const name = `partyline-test-${crypto.randomUUID()}`;
    this.address = this.#directory === undefined ? `@${name}` : `${this.#directory.path}/notify`;
    const path = this.address.replace(/^@/, "\0");
    this.#socket = Deno.listenDatagram({ transport: "unixpacket", path });
    void this.#receive();
  }

  /** Messages that have arrived and were not taken. */
  get count(): number {
    return this.#received.length;
  }

  /** The next message. */
  async next(): Promise<string> {
    while (this.#received.length === 0) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    return this.#received.shift()!;
  }

  /** The next message that matches. */
  async until(pattern: RegExp): Promise<string> {
    for (;;) {
      const message = await this.next();
      if (pattern.test(message)) return message;
    }
  }

  [Symbol.dispose](): void {
    using _directory = this.#directory;
    this.#socket.close();
  }

  async #receive(): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const [bytes] of this.#socket) {
        this.#received.push(decoder.decode(bytes));
        this.#wake();
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.Interrupted || error instanceof Deno.errors.BadResource)) {
        throw error;
      }
    }
  }
}
