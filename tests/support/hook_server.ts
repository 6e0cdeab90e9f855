/** A web server that records requests, and answers as the test tells it to. */

import { within } from "./patience.ts";

/** A recorded request. */
export interface Posted {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

export interface HookServerOptions {
  /** In PEM form; with both it speaks TLS. */
  readonly cert?: string;
  readonly key?: string;
  readonly hostname?: string;
}

export class HookServer implements AsyncDisposable {
  readonly posted: Posted[] = [];
  /** The next answers, in order; after the last it answers 204. */
  readonly answers: (Response | Promise<Response>)[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #waiting: (() => void)[] = [];

  constructor({ hostname = "127.0.0.1", ...tls }: HookServerOptions = {}) {
    const handler = async (request: Request) => {
      const { pathname, search } = new URL(request.url);
      const body = await request.text();
      const { method, headers } = request;
      this.posted.push({ method, path: pathname + search, headers, body });
      for (const wake of this.#waiting.splice(0)) wake();
      return await this.answers.shift() ?? new Response(null, { status: 204 });
    };
    const options = { hostname, port: 0, onListen() {} };
    this.#server = tls.cert
      ? Deno.serve({ ...options, cert: tls.cert, key: tls.key! }, handler)
      : Deno.serve(options, handler);
  }

  get port(): number {
    return this.#server.addr.port;
  }

  /** Waits until `count` requests have arrived. */
  async until(count: number): Promise<void> {
    while (this.posted.length < count) {
      const posting = new Promise<void>((resolve) => this.#waiting.push(resolve));
      await within(`request ${this.posted.length + 1} of ${count}`, posting);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}
