/**
 * The input of a session: lines one by one, lines in batches, or bytes.
 *
 * @module
 */

import { type Clock, sleep } from "../clock.ts";
import type { ConnectionContext } from "../context.ts";
import type { ByteConnection } from "../transport/connection.ts";
import { AdmittedBytes } from "./admitted_bytes.ts";
import type { WorkAccount } from "./work_account.ts";
import type { LineBatch } from "./framer.ts";
import { createFramer } from "./framing.ts";
import { LineCursor } from "./line_cursor.ts";
import { KeyTime, PacedBytes } from "./paced_bytes.ts";
import { ReadAhead } from "./read_ahead.ts";
import type { SessionOptions } from "./session_options.ts";
import type { Program } from "./program.ts";
import type { Terminal } from "./terminal.ts";
import { WrongProtocolDetector } from "./wrong_protocol.ts";

/** How long a first line that may begin an HTTP request waits for the second one. */
const SECOND_LINE_MS = 1000;
const NOTHING = new Uint8Array();
const NO_OPTIONS: ReadonlyMap<string, string> = new Map();

export interface SessionInputOptions extends SessionOptions {
  readonly connection: ByteConnection;
  readonly context: ConnectionContext;
  readonly terminal: Terminal;
  /** The command that the input is for, if any. */
  readonly program: Program | undefined;
  /** Charged for everything that the peer sends. */
  readonly work: WorkAccount;
  /** Whether the session has ended. */
  readonly hasEnded: () => boolean;
  /** Whether it ends because the server stops. */
  readonly isStopping: () => boolean;
  /** Called for everything that arrives. */
  readonly onRead: () => void;
  /** Called when the peer ends its side. */
  readonly onEnd: () => void;
  /** Takes the answer to a peer of another protocol, which ends the session. */
  readonly onWrongProtocol: (answer: Uint8Array) => void;
}

export class SessionInput {
  /** Lines one by one, with flood control. */
  readonly lines: LineCursor;
  readonly #options: SessionInputOptions;
  readonly #clock: Clock;
  readonly #admitted: AdmittedBytes;
  readonly #bytes: PacedBytes;
  readonly #detector: WrongProtocolDetector;
  readonly #reader: ReadAhead;
  /** Whether the service takes lines in batches, or bytes. */
  #isPouring = false;
  /** Whether the peer speaks another protocol. */
  #isRefused = false;

  constructor(options: SessionInputOptions) {
    const { connection, work, clock, keyTime = new KeyTime(), framing = "line" } = options;
    this.#options = options;
    this.#clock = clock;
    this.#admitted = new AdmittedBytes(connection.bytes, work, options.traffic);
    this.#bytes = new PacedBytes(this.#admitted, clock, keyTime);
    this.#detector = new WrongProtocolDetector({
      http: options.http,
      webUrl: options.webUrl,
      localAddress: connection.localAddress,
      onDetected: (answer) => {
        this.#isRefused = true;
        options.onWrongProtocol(answer);
      },
    });
    const framer = createFramer(framing, this.#bytes, {
      ...options,
      inspect: (chunk) => this.#inspect(chunk),
      filter: (chunk) => this.#filter(chunk),
    });
    options.terminal.onErase = (what) => framer.erase?.(what);
    this.#reader = new ReadAhead(framer);
    this.lines = new LineCursor(this.#reader, options);
  }

  /** Whether it is the peer's turn: something was asked for, and nothing has arrived. */
  get isWaiting(): boolean {
    return this.#reader.isWaiting;
  }

  /** Whether the peer counts octets; known once it has sent a line. */
  get isOctetCounted(): boolean {
    return this.#reader.isOctetCounted;
  }

  /** Lines that were read but never asked for. Read this at the end. */
  get unread(): readonly string[] {
    return [...this.lines.remaining, ...this.#reader.held];
  }

  /** Lines in batches of all that have arrived, without flood control. */
  batches(): AsyncIterable<LineBatch> {
    this.#isPouring = true;
    return this.#readBatches();
  }

  /** Bytes as they arrive; neither telnet nor another protocol is looked for. */
  chunks(): AsyncIterable<Uint8Array> {
    this.#isPouring = true;
    const { onRead, onEnd } = this.#options;
    const check = (result: IteratorResult<Uint8Array>): IteratorResult<Uint8Array> => {
      onRead();
      if (result.done) onEnd();
      return this.#isDeaf ? { value: undefined, done: true } : result;
    };
    // A generator would take as much time as everything else together.
    return { [Symbol.asyncIterator]: () => ({ next: () => this.#admitted.next().then(check) }) };
  }

  /** Resolves once the first line is there and has been inspected for another protocol. */
  firstLine(): Promise<unknown> {
    return this.#reader.peek(
      (first, second) => this.#options.hasEnded() || this.#detector.accepts(first, second),
      () => sleep(this.#clock, SECOND_LINE_MS),
    );
  }

  /** Reads keys as they arrive, no faster than leaves time for others. */
  startKeys(): void {
    this.#bytes.isPaced = true;
    this.#reader.start();
  }

  /** Stops pacing and returning lines, because the session ends. */
  end(): void {
    this.#bytes.isPaced = false;
    this.lines.end();
  }

  /** Reads and drops everything up to the end, and then reports a peer of another protocol. */
  async discard(): Promise<void> {
    await this.#reader.discard();
    if (!this.#isRefused) return;
    const { connection: { address }, context, endpointOptions = NO_OPTIONS } = this.#options;
    this.#options.onRefused?.({ address, context, endpointOptions, bytes: this.#admitted.count });
  }

  /** Whether what arrives is dropped: senders of logs are read until the connection is closed. */
  get #isDeaf(): boolean {
    const { hasEnded, isStopping } = this.#options;
    return hasEnded() && !(this.#isPouring && isStopping());
  }

  async *#readBatches(): AsyncGenerator<LineBatch> {
    for (let batch = await this.#reader.read(); batch; batch = await this.#reader.read()) {
      if (this.#isDeaf) return;
      yield batch;
    }
  }

  #inspect(chunk: Uint8Array): Uint8Array {
    this.#options.onRead();
    if (!this.#options.context.identity) this.#detector.inspect(chunk);
    return this.#isDeaf ? NOTHING : chunk;
  }

  /** Takes telnet out of a chunk and, in character mode, edits the line being typed. */
  #filter(bytes: Uint8Array): Uint8Array {
    const { terminal, keepsTelnet, program } = this.#options;
    if (program) return program.takeInput(bytes);
    if (keepsTelnet) return bytes;
    if (!terminal.isEditing) return terminal.feed(bytes);
    const start = this.#clock.monotonic();
    const lines = terminal.feed(bytes);
    this.#bytes.spend(this.#clock.monotonic() - start);
    return lines;
  }
}
