/** A line client on a real socket that can wait for expected text. */

import { PATIENCE_MS } from "./patience.ts";

export interface EnterOptions {
  /** Sends the name without waiting for the question, like `printf 'jack\n' | nc`; it is quicker. */
  readonly atOnce?: boolean;
}

export class LineClient {
  readonly connection: Deno.TcpConn;
  /** Text received and not yet matched. */
  received = "";
  /** All text received. */
  transcript = "";
  /** Called with each piece of text received. */
  onText: ((text: string) => void) | undefined;
  readonly #decoder = new TextDecoder();
  #isEnded = false;
  #isPaused: Promise<void> | undefined;
  #readOn: (() => void) | undefined;
  #wake: (() => void) | undefined;
  #reading: Promise<void>;

  private constructor(connection: Deno.TcpConn) {
    this.connection = connection;
    this.#reading = this.#read();
  }

  static async connect(port: number, hostname = "127.0.0.1"): Promise<LineClient> {
    return new LineClient(await Deno.connect({ hostname, port }));
  }

  /** Connects to the chat, enters a name and waits until it is in the lobby. */
  static async enter(
    port: number,
    name: string,
    { atOnce = false }: EnterOptions = {},
  ): Promise<LineClient> {
    const client = await LineClient.connect(port);
    if (!atOnce) await client.expect("What is your name?");
    await client.send(name);
    await client.expect(/\* You are in #lobby.*\r\n/);
    return client;
  }

  async send(...lines: string[]): Promise<void> {
    await this.sendBytes(new TextEncoder().encode(lines.map((line) => `${line}\r\n`).join("")));
  }

  async sendBytes(bytes: Uint8Array): Promise<void> {
    for (let sent = 0; sent < bytes.length;) {
      sent += await this.connection.write(bytes.subarray(sent));
    }
  }

  /** Waits for a text; returns and drops everything received up to its end. */
  async expect(pattern: string | RegExp, patienceMs = PATIENCE_MS): Promise<string> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const end = this.#endOf(pattern);
      if (end !== -1) {
        const text = this.received.slice(0, end);
        this.received = this.received.slice(end);
        return text;
      }
      if (this.#isEnded || performance.now() > deadline) {
        throw new Error(
          `Expected ${pattern}, but got ${JSON.stringify(this.received.slice(-2000))}`,
        );
      }
      await this.#more(deadline - performance.now());
    }
  }

  /** Waits for the server to end the connection; returns the text received until then. */
  async expectEnd(patienceMs = PATIENCE_MS): Promise<string> {
    const deadline = performance.now() + patienceMs;
    while (!this.#isEnded) {
      if (performance.now() > deadline) throw new Error("Expected the end of the connection");
      await this.#more(deadline - performance.now());
    }
    return this.received;
  }

  /** Stops reading after the read that is under way. */
  pause(): void {
    if (this.#isPaused) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#isPaused = promise;
    this.#readOn = resolve;
  }

  /** Resumes reading. */
  resume(): void {
    this.#isPaused = undefined;
    this.#readOn?.();
  }

  /** Ends our side only. */
  async end(): Promise<void> {
    await this.connection.closeWrite();
  }

  async close(): Promise<void> {
    try {
      this.connection.close();
    } catch {
      // The connection is already broken.
    }
    this.resume();
    await this.#reading;
  }

  #endOf(pattern: string | RegExp): number {
    if (typeof pattern === "string") {
      const at = this.received.indexOf(pattern);
      return at === -1 ? -1 : at + pattern.length;
    }
    const match = pattern.exec(this.received);
    return match ? match.index + match[0].length : -1;
  }

  async #more(waitMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(resolve, Math.max(1, waitMs));
    await promise;
    clearTimeout(timer);
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(64 * 1024);
    try {
      for (;;) {
        const length = await this.connection.read(buffer);
        if (length === null) break;
        // A character may be split between two reads.
        const text = this.#decoder.decode(buffer.subarray(0, length), { stream: true });
        this.received += text;
        this.transcript += text;
        this.onText?.(text);
        this.#wake?.();
        if (this.#isPaused) await this.#isPaused;
      }
    } catch {
      // Reset, or closed by us.
    }
    this.#isEnded = true;
    this.#wake?.();
  }
}
