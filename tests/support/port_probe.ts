/** Connects to a port again and again, and measures for how long that fails. */

const EVERY_MS = 5;

export class PortProbe implements AsyncDisposable {
  readonly #port: number;
  readonly #running: Promise<void>;
  readonly #open = new Set<Deno.TcpConn>();
  #longestMs = 0;
  #isStopped = false;

  constructor(port: number) {
    this.#port = port;
    this.#running = this.#run();
  }

  /** Stops; resolves to the longest time in milliseconds in which every attempt failed. */
  async stop(): Promise<number> {
    this.#isStopped = true;
    await this.#running;
    for (const connection of this.#open) connection.close();
    this.#open.clear();
    return this.#longestMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #run(): Promise<void> {
    let failingSince: number | undefined;
    while (!this.#isStopped) {
      const startedAt = performance.now();
      try {
        const connection = await Deno.connect({ hostname: "127.0.0.1", port: this.#port });
        if (failingSince !== undefined) {
          this.#longestMs = Math.max(this.#longestMs, performance.now() - failingSince);
        }
        failingSince = undefined;
        this.#keep(connection);
      } catch {
        failingSince ??= startedAt;
      }
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }

  /** Few at a time, since a server limits them by address. */
  #keep(connection: Deno.TcpConn): void {
    this.#open.add(connection);
    if (this.#open.size <= 8) return;
    const [oldest] = this.#open;
    oldest.close();
    this.#open.delete(oldest);
  }
}
