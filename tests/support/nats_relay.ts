/** A link between a node and the NATS servers that can be cut, held up, and lose what comes back. */

const PAUSE_MS = 5;

/** Two ends of a connection that goes through. */
interface Pair {
  readonly node: Deno.TcpConn;
  readonly server: Deno.TcpConn;
}

export class NatsRelay implements Disposable {
  readonly urls: readonly string[];
  readonly #listeners: readonly Deno.TcpListener[];
  readonly #pairs = new Set<Pair>();
  #isCut = false;
  /** Changes what a node sends. */
  rewrite: ((text: string) => string) | undefined;
  /** The connections of nodes so far. */
  accepted = 0;
  /** When answers of the servers get through again, by `performance.now()`. */
  #heldUntil = 0;

  /** @param ports Of the servers. */
  constructor(ports: readonly number[]) {
    this.#listeners = ports.map((port) => {
      const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      void this.#serve(listener, port);
      return listener;
    });
    this.urls = this.#listeners.map(({ addr }) => `nats://127.0.0.1:${addr.port}`);
  }

  /** Ends all connections and takes no new ones, until {@linkcode NatsRelay.mend}. */
  cut(): void {
    this.#isCut = true;
    for (const pair of this.#pairs) end(pair);
  }

  mend(): void {
    this.#isCut = false;
  }

  /** Holds up what the servers answer: acknowledgements come late, or never if it is cut then. */
  hold(ms: number): void {
    this.#heldUntil = performance.now() + ms;
  }

  [Symbol.dispose](): void {
    this.cut();
    for (const listener of this.#listeners) listener.close();
  }

  async #serve(listener: Deno.TcpListener, port: number): Promise<void> {
    try {
      for (;;) {
        const node = await listener.accept();
        this.accepted++;
        void this.#link(node, port);
      }
    } catch {
      // It is closed.
    }
  }

  async #link(node: Deno.TcpConn, port: number): Promise<void> {
    let server: Deno.TcpConn;
    try {
      if (this.#isCut) throw new Error("cut");
      server = await Deno.connect({ hostname: "127.0.0.1", port });
    } catch {
      return node.close();
    }
    const pair = { node, server };
    this.#pairs.add(pair);
    await Promise.race([
      pass(node, server, (bytes) => this.#rewritten(bytes)),
      pass(server, node, (bytes) => this.#held(bytes)),
    ]);
    this.#pairs.delete(pair);
    end(pair);
  }

  #rewritten(bytes: Uint8Array): Uint8Array {
    if (!this.rewrite) return bytes;
    return new TextEncoder().encode(this.rewrite(new TextDecoder().decode(bytes)));
  }

  async #held(bytes: Uint8Array): Promise<Uint8Array> {
    while (performance.now() < this.#heldUntil) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return bytes;
  }
}

async function pass(
  from: Deno.TcpConn,
  to: Deno.TcpConn,
  handle: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>,
): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  try {
    for (;;) {
      const length = await from.read(buffer);
      if (length === null) return;
      const bytes = await handle(buffer.subarray(0, length));
      for (let sent = 0; sent < bytes.length;) sent += await to.write(bytes.subarray(sent));
    }
  } catch {
    // One of the two is gone.
  }
}

function end({ node, server }: Pair): void {
  for (const connection of [node, server]) {
    try {
      connection.close();
    } catch {
      // It is closed already.
    }
  }
}
