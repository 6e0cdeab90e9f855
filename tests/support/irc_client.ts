/**
 * An IRC client for tests that read as transcripts: it sends lines, and expects whole lines, over a
 * memory connection or a socket. It never sleeps; what does not come in time fails its test.
 */

import { assertEquals, assertMatch } from "@std/assert";
import { parseIrcMessage } from "../../lib/codec/irc_message.ts";
import { within } from "./patience.ts";
import type { OpenSession } from "./session_peer.ts";

/** What a client says when it connects. */
export interface IrcGreeting {
  /** Capabilities to ask for. Any client that asks gets `CAP END`, even for none. */
  readonly caps?: readonly string[];
  /** The server's password. */
  readonly pass?: string;
  readonly user?: string;
  readonly realname?: string;
}

/** A connection of bytes to the server. */
export interface IrcWire {
  send(bytes: Uint8Array): void | Promise<void>;
  /** The next bytes; `undefined` at the end. */
  take(): Promise<Uint8Array | undefined>;
  /** Ends our side; the server may still send. */
  end(): void | Promise<void>;
  /** Breaks the connection. */
  vanish(): void;
}

export class IrcClient implements AsyncDisposable {
  /** Everything received, for failures. */
  readonly transcript: string[] = [];
  readonly #wire: IrcWire;
  readonly #reading: Promise<void>;
  readonly #lines: string[] = [];
  #wake: (() => void) | undefined;
  #pause: PromiseWithResolvers<void> | undefined;
  #answersPings = true;
  #hasEnded = false;
  #syncs = 0;

  constructor(wire: IrcWire) {
    this.#wire = wire;
    this.#reading = this.#read();
  }

  /** A client of a session in memory. Nothing has been sent yet. */
  static onSession({ peer, running }: Pick<OpenSession, "peer" | "running">): IrcClient {
    return new IrcClient({
      send: (bytes) => peer.send(bytes),
      take: () => peer.take(),
      async end() {
        peer.end();
        await running;
      },
      vanish: () => peer.vanish(),
    });
  }

  /** A client on a socket, TCP or TLS. Nothing has been sent yet. */
  static onSocket(connection: Deno.TcpConn | Deno.TlsConn): IrcClient {
    const buffer = new Uint8Array(64 * 1024);
    const close = () => {
      try {
        connection.close();
      } catch {
        // It is closed already.
      }
    };
    return new IrcClient({
      async send(bytes) {
        for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
      },
      async take() {
        const length = await connection.read(buffer).catch(() => null);
        if (length === null) close();
        return length === null ? undefined : buffer.slice(0, length);
      },
      end: () => connection.closeWrite().catch(() => {}),
      vanish: close,
    });
  }

  /** Connects to a port, and registers. */
  static async connect(port: number, nick: string, greeting?: IrcGreeting): Promise<IrcClient> {
    const client = IrcClient.onSocket(await Deno.connect({ hostname: "127.0.0.1", port }));
    await client.register(nick, greeting);
    return client;
  }

  /** Whether the server has ended its side. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Sends lines. */
  send(...lines: string[]): void {
    this.sendBytes(new TextEncoder().encode(lines.map((line) => `${line}\r\n`).join("")));
  }

  sendBytes(bytes: Uint8Array): void {
    // A server that is gone is noticed by what does not come.
    void Promise.resolve(this.#wire.send(bytes)).catch(() => {});
  }

  /** Stops reading after the read that is under way. */
  pause(): void {
    this.#pause ??= Promise.withResolvers();
  }

  /** Answers no `PING` from now on. */
  ignorePings(): void {
    this.#answersPings = false;
  }

  /** Reads on. */
  resume(): void {
    this.#pause?.resolve();
    this.#pause = undefined;
  }

  /** Says who we are, and returns everything received until the end of the MOTD. */
  async register(nick: string, greeting: IrcGreeting = {}): Promise<string[]> {
    const { caps, pass, user = nick.toLowerCase(), realname = nick } = greeting;
    if (pass !== undefined) this.send(`PASS ${pass}`);
    if (caps) this.send("CAP LS 302");
    this.send(`NICK ${nick}`, `USER ${user} 0 * :${realname}`);
    if (caps && caps.length > 0) this.send(`CAP REQ :${caps.join(" ")}`);
    if (caps) this.send("CAP END");
    const lines = await this.until(/ (?:376|422) /);
    lines.push(...await this.sync());
    return lines;
  }

  /** The next line. @throws {Error} if the connection ends, or none comes in time. */
  async next(what = "a line"): Promise<string> {
    while (this.#lines.length === 0) {
      if (this.#hasEnded) throw new Error(`Connection ended before ${what}; ${this.#latest()}`);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await within(`${what}; ${this.#latest()}`, promise);
    }
    return this.#lines.shift()!;
  }

  /** Expects these lines next, whole, or matched by a pattern. */
  async expect(...expected: (string | RegExp)[]): Promise<void> {
    for (const one of expected) {
      const line = await this.next(String(one));
      if (typeof one === "string") assertEquals(line, one);
      else assertMatch(line, one);
    }
  }

  /** All lines up to the first that matches, with it. */
  async until(pattern: RegExp): Promise<string[]> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.next(`a line like ${pattern}`);
      lines.push(line);
      if (pattern.test(line)) return lines;
    }
  }

  /** Waits until the server has done all that we sent; returns all lines received until then. */
  async sync(): Promise<string[]> {
    const token = `sync${++this.#syncs}`;
    this.send(`PING ${token}`);
    const lines: string[] = [];
    for (;;) {
      const line = await this.next(`the answer to PING ${token}`);
      const message = parseIrcMessage(line);
      if (message?.verb === "PONG" && message.params.at(-1) === token) return lines;
      lines.push(line);
    }
  }

  /** Sends a line, and expects exactly these lines as all that it causes here. */
  async ask(line: string, ...expected: (string | RegExp)[]): Promise<void> {
    await this.sync();
    this.send(line);
    const lines = await this.sync();
    const shown = lines.map((line, index) => {
      const one = expected[index];
      return one instanceof RegExp && one.test(line) ? one : line;
    });
    assertEquals(shown, expected);
  }

  /** Waits for the server to end the connection; returns the lines before the end. */
  async expectEnd(): Promise<string[]> {
    await within(`the end of the connection; ${this.#latest()}`, this.#reading);
    return this.#lines.splice(0);
  }

  /** Breaks the connection without a word. */
  async vanish(): Promise<void> {
    this.#wire.vanish();
    await this.#wire.end();
    await this.#reading;
  }

  /** Ends our side, and waits until the server has ended the other. */
  async leave(): Promise<void> {
    await this.#wire.end();
    await within(`the server to hang up; ${this.#latest()}`, this.#reading);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave();
  }

  #latest(): string {
    return `received last: ${JSON.stringify(this.transcript.slice(-8))}`;
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for (let bytes = await this.#wire.take(); bytes; bytes = await this.#wire.take()) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split("\r\n");
      rest = lines.pop()!;
      await this.#pause?.promise;
      for (const line of lines) this.#hear(line);
      this.#wake?.();
    }
    this.#hasEnded = true;
    this.#wake?.();
  }

  #hear(line: string): void {
    this.transcript.push(line);
    const message = parseIrcMessage(line);
    if (message?.verb === "PING" && this.#answersPings) this.send(`PONG :${message.params.at(-1)}`);
    else this.#lines.push(line);
  }
}
