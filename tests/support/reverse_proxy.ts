/** A small reverse proxy that publishes a server under a path. */

/** How it forwards requests. */
export interface ReverseProxyOptions {
  /** URL of the server, without a path. */
  readonly upstream: string;
  /** The path, with a slash at both ends; requests for others get 404. */
  readonly path: string;
  /** Whether it removes the path from requests. */
  readonly isStripping: boolean;
}

const encoder = new TextEncoder();
const latin1 = new TextDecoder("latin1");

export class ReverseProxy implements AsyncDisposable {
  /** Requests for other paths. */
  readonly strays: string[] = [];
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #options: ReverseProxyOptions;
  readonly #open = new Set<Deno.TcpConn>();
  readonly #serving: Promise<void>;

  constructor(options: ReverseProxyOptions) {
    this.#options = options;
    this.#serving = this.#serve();
  }

  /** The published URL, with a slash at its end. */
  get url(): string {
    return `http://127.0.0.1:${this.#listener.addr.port}${this.#options.path}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#open) close(connection);
    await this.#serving;
  }

  async #serve(): Promise<void> {
    const serving: Promise<void>[] = [];
    try {
      for (;;) serving.push(this.#forward(await this.#listener.accept()));
    } catch {
      // The listener is closed.
    }
    await Promise.all(serving);
  }

  /** Forwards one request, or a WebSocket; then the connection ends. */
  async #forward(client: Deno.TcpConn): Promise<void> {
    this.#open.add(client);
    const { head, rest } = await readHead(client);
    const [, method, target] = /^(\S+) (\S+) /.exec(head) ?? [];
    if (target?.startsWith(this.#options.path)) {
      const { hostname, port } = new URL(this.#options.upstream);
      const server = await Deno.connect({ hostname, port: Number(port) });
      this.#open.add(server);
      await writeAll(server, encoder.encode(this.#rewrite(head, method, target)));
      await writeAll(server, rest);
      await Promise.all([pipe(client, server), pipe(server, client)]);
      close(server);
    } else if (target !== undefined) {
      this.strays.push(target);
      const answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
      await writeAll(client, encoder.encode(answer));
    }
    close(client);
  }

  /** The head for the server: with its path, and without keeping the connection. */
  #rewrite(head: string, method: string, target: string): string {
    const { path, isStripping } = this.#options;
    const inner = isStripping ? target.slice(path.length - 1) : target;
    const line = `${method} ${inner} HTTP/1.1`;
    const isUpgrade = /^upgrade:/im.test(head);
    const rewritten = head.replace(/^.*/, line);
    return isUpgrade
      ? rewritten
      : rewritten.replace(/^connection:.*\r\n/im, "").replace(/\r\n$/, "Connection: close\r\n\r\n");
  }
}

async function readHead(client: Deno.TcpConn): Promise<{ head: string; rest: Uint8Array }> {
  let bytes = new Uint8Array();
  const buffer = new Uint8Array(16 * 1024);
  for (;;) {
    const length = await client.read(buffer).catch(() => null);
    if (length === null) return { head: "", rest: new Uint8Array() };
    bytes = new Uint8Array([...bytes, ...buffer.subarray(0, length)]);
    const end = latin1.decode(bytes).indexOf("\r\n\r\n");
    if (end !== -1) {
      return { head: latin1.decode(bytes.subarray(0, end + 4)), rest: bytes.slice(end + 4) };
    }
  }
}

/** Copies bytes until one side ends; then ends the other. */
async function pipe(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  try {
    for (;;) {
      const length = await from.read(buffer);
      if (length === null) break;
      await writeAll(to, buffer.subarray(0, length));
    }
    await to.closeWrite();
  } catch {
    close(to);
  }
}

async function writeAll(to: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await to.write(bytes.subarray(sent));
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // Closed already.
  }
}
