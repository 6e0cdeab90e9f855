/**
 * One HTTP/1 connection: requests one after another, or a WebSocket.
 *
 * `Deno.serve` and `node:http` do not hold our limits on slow, silent or greedy peers; `README.md`
 * lists the alternatives tried. Here a connection has the same limits and the same outbox as on
 * other ports.
 *
 * @module
 */

import { HttpSyntaxError, type RequestHead } from "../../codec/http_head.ts";
import type { ConnectionContext } from "../../context.ts";
import type {
  Conversation,
  ConversationOptions,
  NewConnection,
} from "../../server/connections/conversation.ts";
import { untilQuiet } from "../../server/connections/drain.ts";
import { TimeLimits } from "../../server/connections/time_limits.ts";
import type { WorkAccount } from "../../server/fairness/work_account.ts";
import { GracefulClose } from "../../server/output/graceful_close.ts";
import { Outbox } from "../../server/output/outbox.ts";
import { noteStalledPeer } from "../../server/output/stalled_peer.ts";
import type { ByteConnection } from "../../transport/connection.ts";
import { ByteSource } from "./byte_source.ts";
import { Problem, problemResponse } from "./problem.ts";
import { RequestReader } from "./request_reader.ts";
import { ResponseWriter } from "./response_writer.ts";
import type { Site } from "./site.ts";
import { acceptKey, WebSocketPeer } from "./web_socket.ts";

/** Milliseconds for a request to arrive, and for the next one to begin. */
const REQUEST_MS = 10_000;
const KEEP_ALIVE_MS = 30_000;

export class HttpConnection implements Conversation {
  readonly #connection: ByteConnection;
  readonly #context: ConnectionContext;
  readonly #refusal: string | undefined;
  readonly #site: Site;
  readonly #options: ConversationOptions;
  readonly #outbox: Outbox;
  readonly #work: WorkAccount;
  readonly #source: ByteSource;
  readonly #reader: RequestReader;
  readonly #writer: ResponseWriter;
  #limits: TimeLimits;
  #socket: WebSocketPeer | undefined;
  /** Whether part of a request has arrived. */
  #isMidRequest = false;
  /** Whether a request is complete and its response is not. */
  #isAnswering = false;
  /** The head of the request whose response has not started. */
  #preparing: RequestHead | undefined;
  /** Whether the server is stopping, and no request is carried out but the one being answered. */
  #isEnding = false;
  /** Whether the peer was told that nothing more of its input is carried out. */
  #isRefused = false;
  readonly #closing: GracefulClose;

  constructor(peer: NewConnection, options: ConversationOptions, scheme: string, site: Site) {
    this.#connection = peer.connection;
    this.#context = peer.context;
    this.#refusal = peer.refusal;
    this.#site = site;
    this.#options = options;
    this.#limits = new TimeLimits(options);
    this.#outbox = new Outbox(peer.connection, options.outbox, options.traffic);
    this.#outbox.onBreak = () => {
      peer.context.end?.();
      this.#writer.stop();
    };
    this.#work = options.budget.account();
    this.#source = new ByteSource(peer.connection.bytes, this.#work, (bytes) => this.#heard(bytes));
    this.#reader = new RequestReader(this.#source, { outbox: this.#outbox, scheme, site });
    this.#writer = new ResponseWriter(this.#outbox, this.#work);
    this.#closing = new GracefulClose(peer.connection, this.#outbox, options.clock);
  }

  get queuedBytes(): number {
    return this.#outbox.queuedBytes;
  }

  async run(): Promise<void> {
    try {
      if (this.#refusal) await this.#refuse(new Problem(503, "full", this.#refusal.slice(2)));
      else while (await this.#exchange());
    } finally {
      await this.#closing.finish(() => this.#source.discard());
    }
  }

  check(): void {
    this.#socket?.check();
    // Without a read, only a write reveals that the peer is gone.
    if ((this.#socket || this.#isAnswering) && !this.#source.isWaiting) this.#outbox.probe();
    if (this.#isAnswering) this.#source.watch(() => this.#probeAsker());
    const isWaitedFor = this.#source.isWaiting;
    const verdict = this.#limits.check(this.#outbox, isWaitedFor);
    if (!verdict) return;
    if ("isStalled" in verdict) return this.#abortStalled();
    if (this.#isOver) return;
    if (this.#socket) return this.#socket.close(1008, verdict.sentence);
    if (!this.#isMidRequest) return void this.#closing.begin();
    this.#refuse(new Problem(408, "too-slow", verdict.sentence)).then(() => this.#closing.begin());
  }

  async stop(farewell: string): Promise<void> {
    this.#closing.hurry(this.#source);
    this.#writer.stop();
    // Requests that have arrived are carried out: their sender may not wait for answers.
    await untilQuiet(this.#options.clock, () => this.#isOver || this.#isQuiet);
    this.#isEnding = true;
    if (this.#socket) return this.#socket.stop(farewell);
    if (this.#isAnswering || this.#isOver) return;
    // Its sender must know that it was not carried out.
    if (this.#isMidRequest) await this.#refuse(new Problem(503, "stopping", NOT_DONE));
    this.#closing.begin();
  }

  /** Whether no further request is carried out. */
  get #isOver(): boolean {
    return this.#isRefused || this.#closing.hasBegun;
  }

  /**
   * Whether nothing has arrived since this was last read, and no request is being received or
   * answered.
   */
  get #isQuiet(): boolean {
    const isSilent = this.#limits.takeSilence();
    return isSilent && this.#source.isWaiting &&
      (this.#socket !== undefined || !this.#isMidRequest);
  }

  /** Reads and answers one request; resolves to whether another may follow. */
  async #exchange(): Promise<boolean> {
    try {
      const isFirst = this.#outbox.takenBytes === 0;
      this.#limits.setDeadline(isFirst ? REQUEST_MS : KEEP_ALIVE_MS, TOO_SLOW);
      const head = await this.#reader.readHead();
      if (!head || this.#isOver) return false;
      this.#isMidRequest = true;
      if (isUpgrade(head)) return await this.#upgrade(head);
      const request = await this.#reader.readRequest(head);
      if (!request || this.#isOver) return false;
      this.#limits.clearDeadline();
      this.#isAnswering = true;
      // A chunk may hold hundreds of requests.
      const turn = this.#work.admit();
      if (turn) await turn;
      this.#preparing = head;
      const response = await this.#site.answer(request, this.#context);
      this.#preparing = undefined;
      const isLast = !head.keepsAlive || this.#isEnding;
      const isWhole = await this.#writer.write(response, head, isLast);
      if (!isWhole) this.#abort();
      this.#isMidRequest = this.#isAnswering = false;
      return isWhole && !isLast && !this.#isEnding;
    } catch (error) {
      if (!(error instanceof Problem || error instanceof HttpSyntaxError)) throw error;
      await this.#refuse(error);
      return false;
    }
  }

  async #upgrade(head: RequestHead): Promise<false> {
    const { subprotocol, takesBinary, converse } = this.#site.acceptSocket(head);
    const { clock, stallMs } = this.#options;
    this.#limits = new TimeLimits({ clock, stallMs, idleMs: SOCKET_IDLE_MS });
    this.#outbox.push(encoder.encode(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        (subprotocol === undefined ? "" : `Sec-WebSocket-Protocol: ${subprotocol}\r\n`) +
        `Sec-WebSocket-Accept: ${acceptKey(head.headers)}\r\n\r\n`,
    ));
    const socket = this.#socket = new WebSocketPeer({
      context: this.#context,
      source: this.#source,
      outbox: this.#outbox,
      clock,
      guard: this.#options.guard,
      work: this.#work,
      limits: this.#limits,
      takesBinary,
      isReachable: (peer, onDoubt) => {
        return this.#options.probes.isReachable(this.#connection, peer, onDoubt);
      },
      end: () => void this.#closing.begin(),
    });
    await converse(socket, this.#connection, this.#options);
    socket.close(1000);
    return false;
  }

  /** Answers with an error after which the rest of the input cannot be parsed. */
  async #refuse(problem: Problem | HttpSyntaxError): Promise<void> {
    this.#isRefused = true;
    this.#limits.clearDeadline();
    const head = { method: "GET", isHttp10: false };
    await this.#writer.write(problemResponse(problem), head, true);
  }

  #heard(bytes: number): void {
    const { traffic } = this.#options;
    if (traffic) traffic.bytesIn += bytes;
    this.#limits.noteRead();
    if (this.#isMidRequest || this.#socket) return;
    this.#isMidRequest = true;
    this.#limits.setDeadline(REQUEST_MS, TOO_SLOW);
  }

  /**
   * Finds out whether the client still waits for a slow answer, or reads an event stream. A client
   * that has closed looks like one that has only ended its side until something is sent to it. That
   * is a comment in the stream, or an interim response, which clients must be able to skip (RFC 9110
   * section 15.2); HTTP/1.0 has none.
   */
  #probeAsker(): void {
    if (this.#preparing?.isHttp10 === false) this.#outbox.push(STILL_AT_IT);
    else if (!this.#writer.sendComment()) return;
    this.#options.clock.after(ECHO_MS, () => this.#outbox.probe());
  }

  #abortStalled(): void {
    const { stallMs, traffic } = this.#options;
    noteStalledPeer(this.#context, stallMs(), traffic);
    this.#abort();
  }

  #abort(): void {
    this.#outbox.abandon();
    this.#connection.close();
  }
}

const TOO_SLOW = `The request did not arrive within ${REQUEST_MS / 1000} seconds.`;
const NOT_DONE = "The server is stopping. The request was not carried out; send it again later.";
const SOCKET_IDLE_MS = 60_000;
/** By then, most clients that have closed have answered with a reset; later checks find the rest. */
const ECHO_MS = 200;
const encoder = new TextEncoder();
const STILL_AT_IT = encoder.encode("HTTP/1.1 102 Processing\r\n\r\n");

function isUpgrade({ headers }: RequestHead): boolean {
  return headers.get("upgrade")?.toLowerCase() === "websocket";
}
