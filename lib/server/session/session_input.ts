/**
 * The input of a session: lines one by one, lines in batches, or bytes.
 *
 * @module
 */

import { sleep } from "../../clock.ts";
import type { Charset } from "../../codec/charset.ts";
import type { Erasure } from "../../codec/erasure.ts";
import type { ConnectionContext } from "../../context.ts";
import type { ByteConnection } from "../../transport/connection.ts";
import { AdmittedBytes } from "../fairness/admitted_bytes.ts";
import { KeyTime, PacedBytes } from "../fairness/paced_bytes.ts";
import type { WorkAccount } from "../fairness/work_account.ts";
import type { Framer, LineBatch } from "../framing/framer.ts";
import { createFramer, type FramingOptions } from "../framing/framing.ts";
import { LineCursor } from "../framing/line_cursor.ts";
import type { LineSplitter } from "../framing/line_framer.ts";
import { ReadAhead } from "../framing/read_ahead.ts";
import { WrongProtocolDetector } from "../framing/wrong_protocol.ts";
import type { Received } from "../output/graceful_close.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { Program } from "./program.ts";
import type { SessionOptions } from "./session_options.ts";

/** How long a first line that may begin an HTTP request waits for the second one. */
const SECOND_LINE_MS = 1000;
const NOTHING = new Uint8Array();
const NO_OPTIONS: ReadonlyMap<string, string> = new Map();

/** The session, as its input sees it. */
export interface InputSession {
  readonly context: ConnectionContext;
  /** As in `ByteConnection`. */
  readonly address: string;
  readonly terminal: Terminal;
  /** The command that the input is for, if any. */
  readonly program: Program | undefined;
  /** Whether telnet commands are not looked for, and stay in the text. */
  readonly keepsTelnet: boolean;
  /** Whether the session has ended. */
  readonly isEnded: boolean;
  /** Whether it ends because the server stops. */
  readonly isStopping: boolean;
  /** Called for everything that arrives. */
  noteRead(): void;
  /** Called when the peer ends its side. */
  noteEnd(): void;
  /** Takes the answer to a peer of another protocol, which ends the session. */
  refuse(answer: Uint8Array): void;
}

/** Where the input comes from. */
export interface InputSource {
  readonly connection: Pick<ByteConnection, "bytes" | "localAddress">;
  /** Charged for everything that the peer sends. */
  readonly work: WorkAccount;
}

export class SessionInput implements FramingOptions {
  /** Lines one by one, with flood control. */
  readonly lines: LineCursor;
  readonly #owner: InputSession;
  readonly #options: SessionOptions;
  readonly #admitted: AdmittedBytes;
  readonly #bytes: PacedBytes;
  readonly #framer: Framer;
  readonly #reader: ReadAhead;
  /** Until it is certain that the peer speaks no other protocol. */
  #detector: WrongProtocolDetector | undefined;
  /** Whether the service takes lines in batches, or bytes. */
  #isPouring = false;
  /** Whether the peer speaks another protocol. */
  #isRefused = false;

  constructor(owner: InputSession, { connection, work }: InputSource, options: SessionOptions) {
    const { clock, guard, isUncounted, keyTime = new KeyTime(), framing = "line" } = options;
    this.#owner = owner;
    this.#options = options;
    const bytes = owner.program?.inputOf(connection.bytes) ?? connection.bytes;
    this.#admitted = new AdmittedBytes(bytes, work, options.traffic);
    this.#bytes = new PacedBytes(this.#admitted, clock, keyTime);
    this.#detector = new WrongProtocolDetector({
      http: options.http,
      webUrl: options.webUrl,
      localAddress: connection.localAddress,
      onDetected: (answer) => {
        this.#isRefused = true;
        owner.refuse(answer);
      },
    });
    this.#framer = createFramer(framing, this.#bytes, this);
    this.#reader = new ReadAhead(this.#framer);
    this.lines = new LineCursor(this.#reader, { clock, guard, isUncounted, work });
  }

  /** Whether it is the peer's turn: something was asked for, and nothing has arrived. */
  get isWaiting(): boolean {
    return this.#reader.isWaiting;
  }

  get received(): Received {
    return this.#admitted;
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
    const check = (result: IteratorResult<Uint8Array>): IteratorResult<Uint8Array> => {
      this.#owner.noteRead();
      if (result.done) this.onEnd();
      return this.#isDeaf ? { value: undefined, done: true } : result;
    };
    // A generator would take as much time as everything else together.
    return { [Symbol.asyncIterator]: () => ({ next: () => this.#admitted.next().then(check) }) };
  }

  /** Resolves once the first line is there and has been inspected for another protocol. */
  firstLine(): Promise<unknown> {
    return this.#reader.peek(
      (first, second) => this.#owner.isEnded || this.#accepts(first, second),
      () => sleep(this.#options.clock, SECOND_LINE_MS),
    );
  }

  #accepts(first: LineBatch, second: LineBatch | undefined): boolean | undefined {
    // It returns `undefined` if it has to see the second batch.
    const isAccepted = this.#detector ? this.#detector.accepts(first, second) : true;
    if (isAccepted) this.#detector = undefined;
    return isAccepted;
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
    const { address, context } = this.#owner;
    const { endpointOptions = NO_OPTIONS, onRefused } = this.#options;
    onRefused?.({ address, context, endpointOptions, bytes: this.#admitted.count });
  }

  /** Whether what arrives is dropped: senders of logs are read until the connection is closed. */
  get #isDeaf(): boolean {
    const { isEnded, isStopping } = this.#owner;
    return isEnded && !(this.#isPouring && isStopping);
  }

  async *#readBatches(): AsyncGenerator<LineBatch> {
    for (let batch = await this.#reader.read(); batch; batch = await this.#reader.read()) {
      if (this.#isDeaf) return;
      yield batch;
    }
  }

  /** Erases the end of an unfinished line. */
  erase(what: Erasure): void {
    this.#framer.erase?.(what);
  }

  /** This and the following are part of {@linkcode FramingOptions}. */
  get maxLineBytes(): number {
    const { maxLineBytes, maxBlockLineBytes = 0 } = this.#options;
    return Math.max(maxLineBytes, maxBlockLineBytes);
  }

  get charset(): Charset | undefined {
    return this.#options.charset;
  }

  get splitter(): LineSplitter {
    return this.#options.splitter;
  }

  onEnd(): void {
    this.#owner.noteEnd();
  }

  inspect(chunk: Uint8Array): Uint8Array {
    this.#owner.noteRead();
    if (!this.#owner.context.identity) this.#detector?.inspect(chunk);
    return this.#isDeaf ? NOTHING : chunk;
  }

  /** Takes telnet out of a chunk and, in character mode, edits the line being typed. */
  filter(bytes: Uint8Array): Uint8Array {
    const { terminal, keepsTelnet, program } = this.#owner;
    if (program || keepsTelnet) return bytes;
    if (!terminal.isEditing) return terminal.feed(bytes);
    const { clock } = this.#options;
    const start = clock.monotonic();
    const lines = terminal.feed(bytes);
    this.#bytes.spend(clock.monotonic() - start);
    return lines;
  }
}
