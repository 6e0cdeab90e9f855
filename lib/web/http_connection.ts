/**
 * One connection that speaks HTTP/1: requests one after the other, or a WebSocket.
 *
 * Not by `Deno.serve` or `node:http`, which keep none of our limits on peers that are slow, silent
 * or in a hurry; `README.md` says what was tried. Here a connection is like all others, with the
 * same limits and the same outbox.
 *
 * @module
 */

import { HttpSyntaxError, parseHead, type RequestHead } from "../codec/http_head.ts";
import type { ConnectionContext } from "../context.ts";
import type { Conversation, ConversationOptions, NewConnection } from "../server/conversation.ts";
import { TLS_HINT } from "../server/first_line.ts";
import { Outbox } from "../server/outbox.ts";
import { TimeLimits } from "../server/time_limits.ts";
import type { ByteConnection } from "../transport/connection.ts";
import { ByteSource } from "./byte_source.ts";
import { Problem, problemResponse } from "./problem.ts";
import { ResponseWriter } from "./response_writer.ts";
import { acceptKey, WebSocketPeer } from "./web_socket.ts";

/** Largest head of a request, in bytes. */
const MOST_HEAD_BYTES = 16 * 1024;
/** How long a request may take to come, and how long the next one is waited for. */
const REQUEST_MS = 10_000;
const KEEP_ALIVE_MS = 30_000;
/** How long the peer may go on sending after our last word. */
const LINGER_MS = 1000;
/** What `Request` takes; all else would only be refused with 405. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** What is served. */
export interface Site {
  /** Answers a request; never rejects. */
  answer(request: Request, context: ConnectionContext): Promise<Response>;
  /** The largest body that a request may have, in bytes. */
  mostBodyBytes(head: RequestHead): number;
  /** Refuses a request that needs no body to be refused. @throws {Problem} */
  checkHead(head: RequestHead): void;
  /** Whether the request may become a WebSocket. @throws {Problem} where it may not. */
  checkSocket(head: RequestHead): void;
  /** Talks over a WebSocket until its messages end. */
  converse(socket: WebSocketPeer): Promise<void>;
}

export class HttpConnection implements Conversation {
  readonly #connection: ByteConnection;
  readonly #context: ConnectionContext;
  readonly #refusal: string | undefined;
  readonly #scheme: string;
  readonly #site: Site;
  readonly #options: ConversationOptions;
  readonly #outbox: Outbox;
  readonly #source: ByteSource;
  readonly #writer: ResponseWriter;
  #limits: TimeLimits;
  #socket: WebSocketPeer | undefined;
  /** Whether part of a request has come. */
  #isMidRequest = false;
  /** Whether a whole request has come, and its answer is not all written. */
  #isAnswering = false;
  #isStopping = false;
  #closing: Promise<void> | undefined;
  #cancelLinger: (() => void) | undefined;

  constructor(peer: NewConnection, options: ConversationOptions, scheme: string, site: Site) {
    this.#connection = peer.connection;
    this.#context = peer.context;
    this.#refusal = peer.refusal;
    this.#scheme = scheme;
    this.#site = site;
    this.#options = options;
    this.#limits = new TimeLimits(options);
    this.#outbox = new Outbox(peer.connection, options.outbox);
    this.#source = new ByteSource(peer.connection.bytes, () => this.#heard());
    this.#writer = new ResponseWriter(this.#outbox);
  }

  async run(): Promise<void> {
    try {
      if (this.#refusal) await this.#refuse(new Problem(503, "full", this.#refusal.slice(2)));
      else while (await this.#exchange());
    } finally {
      await this.#end();
      await this.#source.discard();
      this.#cancelLinger?.();
      this.#connection.close();
    }
  }

  check(): void {
    this.#socket?.check();
    const isWaitedFor = this.#source.isWaiting;
    const verdict = this.#limits.check(this.#outbox, isWaitedFor);
    if (!verdict) return;
    if ("isStalled" in verdict) return this.#abort();
    if (this.#closing) return;
    if (this.#socket) return this.#socket.close(1008, verdict.sentence);
    if (!this.#isMidRequest) return void this.#end();
    this.#refuse(new Problem(408, "too-slow", verdict.sentence)).then(() => this.#end());
  }

  stop(): void {
    this.#isStopping = true;
    if (this.#socket) this.#socket.stop();
    else if (!this.#isAnswering) this.#end();
    this.#writer.stop();
  }

  /** Reads a request and answers it; resolves to whether another one may follow. */
  async #exchange(): Promise<boolean> {
    try {
      const head = await this.#readHead();
      if (!head || this.#closing) return false;
      if (isUpgrade(head)) return await this.#upgrade(head);
      const request = await this.#readRequest(head);
      if (!request || this.#closing) return false;
      this.#limits.clearDeadline();
      this.#isAnswering = true;
      const response = await this.#site.answer(request, this.#context);
      const isLast = !head.keepsAlive || this.#isStopping;
      const isWhole = await this.#writer.write(response, head, isLast);
      if (!isWhole) this.#abort();
      this.#isMidRequest = this.#isAnswering = false;
      return isWhole && !isLast && !this.#isStopping;
    } catch (error) {
      if (!(error instanceof Problem || error instanceof HttpSyntaxError)) throw error;
      await this.#refuse(error);
      return false;
    }
  }

  async #readHead(): Promise<RequestHead | undefined> {
    const isFirst = this.#outbox.takenBytes === 0;
    this.#limits.setDeadline(isFirst ? REQUEST_MS : KEEP_ALIVE_MS, TOO_SLOW);
    const bytes = await this.#source.readHead(MOST_HEAD_BYTES).catch((error) => {
      if (this.#source.next !== TLS_HANDSHAKE) throw error;
      this.#outbox.push(encoder.encode(TLS_HINT));
      return undefined;
    });
    if (!bytes) return undefined;
    this.#isMidRequest = true;
    if (bytes === "too-large") {
      const detail = `The head of a request may have up to ${MOST_HEAD_BYTES} bytes.`;
      throw new Problem(431, "too-large", detail);
    }
    return parseHead(bytes, this.#scheme);
  }

  /** Reads the body, if any; `undefined` where the peer ends before that. */
  async #readRequest(head: RequestHead): Promise<Request | undefined> {
    const { method, url, headers, contentLength, isChunked } = head;
    if (!METHODS.includes(method)) {
      throw new Problem(405, "wrong-method", `There is nothing here to ${method.slice(0, 20)}.`, {
        Allow: "GET, HEAD, POST",
      });
    }
    const mostBytes = this.#site.mostBodyBytes(head);
    if (contentLength > mostBytes) {
      throw new Problem(
        413,
        "too-large",
        `The body of a request may have up to ${mostBytes} bytes.`,
      );
    }
    this.#meetExpectation(head);
    const body = isChunked
      ? await this.#source.readChunked(mostBytes)
      : await this.#source.readExactly(contentLength);
    if (!body) return undefined;
    const hasBody = body.length > 0 && method !== "GET" && method !== "HEAD";
    return new Request(url, { method, headers, body: hasBody ? body : null });
  }

  /**
   * Tells a client that waits for it to send the body (RFC 9110 section 10.1.1). One whose request
   * will be refused is told that instead, and spared the body.
   */
  #meetExpectation(head: RequestHead): void {
    const expectation = head.headers.get("expect");
    if (expectation === null || head.isHttp10) return;
    if (expectation.toLowerCase() !== "100-continue") {
      throw new Problem(417, "wrong-expectation", "Only 100-continue can be expected.");
    }
    this.#site.checkHead(head);
    const hasBody = head.isChunked || head.contentLength > 0;
    // A client that has begun to send does not wait.
    if (hasBody && this.#source.next === undefined) {
      this.#outbox.push(encoder.encode("HTTP/1.1 100 Continue\r\n\r\n"));
    }
  }

  async #upgrade(head: RequestHead): Promise<false> {
    this.#site.checkSocket(head);
    const { clock, stallMs } = this.#options;
    this.#limits = new TimeLimits({ clock, stallMs, idleMs: SOCKET_IDLE_MS });
    this.#outbox.push(encoder.encode(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        `Sec-WebSocket-Accept: ${acceptKey(head.headers)}\r\n\r\n`,
    ));
    const socket = this.#socket = new WebSocketPeer({
      context: this.#context,
      source: this.#source,
      outbox: this.#outbox,
      clock,
      guard: this.#options.guard,
      limits: this.#limits,
      end: () => void this.#end(),
    });
    await this.#site.converse(socket);
    socket.close(1000);
    return false;
  }

  /** Answers with a problem, after which nothing that comes can be made sense of. */
  async #refuse(problem: Problem | HttpSyntaxError): Promise<void> {
    this.#limits.clearDeadline();
    const head = { method: "GET", isHttp10: false };
    await this.#writer.write(problemResponse(problem), head, true);
  }

  #heard(): void {
    this.#limits.hasRead = true;
    if (this.#isMidRequest || this.#socket) return;
    this.#isMidRequest = true;
    this.#limits.setDeadline(REQUEST_MS, TOO_SLOW);
  }

  #end(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    await this.#outbox.drained();
    this.#outbox.abandon();
    await this.#connection.closeWrite();
    // A peer that never ends its side would be waited for without end. And closing with unread
    // bytes would make the system tell the peer to forget our last words.
    this.#cancelLinger = this.#options.clock.after(LINGER_MS, () => this.#connection.close());
  }

  #abort(): void {
    this.#outbox.abandon();
    this.#connection.close();
  }
}

const TOO_SLOW = `The request did not come within ${REQUEST_MS / 1000} seconds. Send it at once.`;
/** The first byte of every TLS connection (RFC 8446 section 5.1), and never of a request. */
const TLS_HANDSHAKE = 0x16;
const SOCKET_IDLE_MS = 60_000;
const encoder = new TextEncoder();

function isUpgrade({ headers }: RequestHead): boolean {
  return headers.get("upgrade")?.toLowerCase() === "websocket";
}
