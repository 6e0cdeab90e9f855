/** A client of the page's protocol, on the standard `WebSocket`. */

import { PATIENCE_MS } from "./patience.ts";

// deno-lint-ignore no-explicit-any -- tests read only the fields they expect
type Message = any;

export class WebClient {
  /** Everything received. */
  readonly messages: Message[] = [];
  /** Resolves to the close code. */
  readonly ended: Promise<number>;
  readonly #socket: WebSocket;
  #taken = 0;
  #wake: (() => void) | undefined;
  #hasEnded = false;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.ended = new Promise((resolve) => {
      socket.onclose = ({ code }) => {
        this.#hasEnded = true;
        this.#wake?.();
        resolve(code);
      };
    });
    socket.onmessage = ({ data }) => {
      this.messages.push(JSON.parse(data));
      this.#wake?.();
    };
    socket.onerror = (event) => event.preventDefault();
  }

  /** @param url `http://HOST:PORT/ws` or `ws:`. */
  static async open(url: string): Promise<WebClient> {
    const socket = new WebSocket(url.replace(/^http/, "ws"));
    const client = new WebClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      client.ended.then((code) => reject(new Error(`Closed with ${code}`)));
    });
    return client;
  }

  send(message: unknown): void {
    this.#socket.send(JSON.stringify(message));
  }

  sendText(text: string): void {
    this.#socket.send(text);
  }

  /** Waits for the next message, or the next of a given type; others are skipped. */
  async next(type?: string): Promise<Message> {
    for (;;) {
      while (this.#taken < this.messages.length) {
        const message = this.messages[this.#taken++];
        if (type === undefined || message.type === type) return message;
      }
      if (this.#hasEnded) throw new Error(`Ended before a message of type ${type}`);
      await this.#more(type);
    }
  }

  /** Sends a request, and waits for the answer. */
  async ask(message: Record<string, unknown>): Promise<Message> {
    const ref = `r${Math.random()}`;
    this.send({ ...message, ref });
    for (;;) {
      const answer = await this.next();
      if (answer.ref === ref) return answer;
    }
  }

  /** Waits until events with all these bodies have arrived, in this order; returns the events. */
  async hear(...bodies: readonly string[]): Promise<Message[]> {
    const heard: Message[] = [];
    while (heard.length < bodies.length) {
      const { events } = await this.next("events");
      for (const event of events) {
        if (event.kind === "join" || event.kind === "part") continue;
        if (event.body !== bodies[heard.length]) {
          throw new Error(`Expected ${bodies[heard.length]}, but got ${event.body}`);
        }
        heard.push(event);
      }
    }
    return heard;
  }

  /** Runs a command; returns its notices and errors. */
  async command(line: string, room?: string): Promise<string[]> {
    const ref = `c${Math.random()}`;
    this.send({ type: "command", line, room, ref });
    const texts: string[] = [];
    for (;;) {
      const message = await this.next();
      if (message.type === "done" && message.ref === ref) return texts;
      if (message.type === "notice" && message.ref === ref) texts.push(`* ${message.text}`);
      if (message.type === "error" && message.ref === ref) texts.push(`! ${message.text}`);
    }
  }

  close(): void {
    this.#socket.close();
  }

  async #more(type: string | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const last = () => JSON.stringify(this.messages.slice(-3)).slice(-1000);
    const timer = setTimeout(
      () => reject(new Error(`No message of type ${type}; the last were ${last()}`)),
      PATIENCE_MS,
    );
    try {
      await promise;
    } finally {
      clearTimeout(timer);
    }
  }
}
