/**
 * One connected client from hello to goodbye, as a service sees it: lines in, lines out.
 *
 * @module
 */

import { sleep, waitFor } from "../clock.ts";
import type { LineDamage } from "../codec/line_decoder.ts";
import { IAC, NOP } from "../codec/telnet_code.ts";
import type { ConnectionContext } from "../context.ts";
import type { ByteConnection } from "../transport/connection.ts";
import { AdmittedBytes } from "./admitted_bytes.ts";
import { FairBudget, type WorkAccount } from "./fair_budget.ts";
import type { LineBatch } from "./framer.ts";
import { DRAIN_MS, untilQuiet } from "./drain.ts";
import { createFramer } from "./framing.ts";
import { GracefulClose } from "./graceful_close.ts";
import { LineCursor } from "./line_cursor.ts";
import type { Outbox } from "./outbox.ts";
import { KeyTime, PacedBytes } from "./paced_bytes.ts";
import { ReadAhead } from "./read_ahead.ts";
import { Terminal } from "./terminal.ts";
import type { SessionOptions } from "./session_options.ts";
import { TimeLimits } from "./time_limits.ts";
import { WrongProtocolDetector } from "./wrong_protocol.ts";

/** How long the service waits for a first line before it speaks: HTTP must be answered first. */
const HELLO_DELAY_MS = 200;
/** How long a first line that may begin an HTTP request waits for the second one. */
const SECOND_LINE_MS = 1000;
/** How long the service waits for a telnet client to say what terminal it is. */
const TERMINAL_DELAY_MS = 250;

/** How often a telnet client is sent something. */
const NOP_INTERVAL_MS = 30_000;
const TELNET_NOP = Uint8Array.of(IAC, NOP);

const NOTHING = new Uint8Array();
const NO_OPTIONS: ReadonlyMap<string, string> = new Map();
const encoder = new TextEncoder();

export class Session {
  readonly context: ConnectionContext;
  readonly outbox: Outbox;
  readonly terminal: Terminal;
  /** Set by a service while it owes the peer an answer: a peer that waits for us is not idle. */
  owesAnswer = false;
  /** Called when the server stops, once what the peer sent is read; awaited before the goodbye. */
  onStop: (() => Promise<void>) | undefined;
  readonly #connection: ByteConnection;
  readonly #options: SessionOptions;
  readonly #work: WorkAccount;
  readonly #admitted: AdmittedBytes;
  readonly #bytes: PacedBytes;
  readonly #reader: ReadAhead;
  readonly #cursor: LineCursor;
  readonly #limits: TimeLimits;
  readonly #detector: WrongProtocolDetector;
  readonly #closing: GracefulClose;
  /** Resolves once the service has returned. */
  readonly #served = Promise.withResolvers<void>();
  /** The last line for the peer; set once the server stops. */
  #farewell: string | undefined;
  /** What the peer had taken when something was last sent, and when that was. */
  #life = { takenBytes: 0, at: -Infinity };
  /** Whether the connection broke before the session ended. */
  #isGone = false;
  /** Whether the peer speaks another protocol. */
  #isRefused = false;
  /** Whether the service takes lines in batches, or bytes. */
  #isPouring = false;

  constructor(connection: ByteConnection, context: ConnectionContext, options: SessionOptions) {
    this.#connection = connection;
    this.context = context;
    this.#options = options;
    const { clock, framing = "line", keyTime = new KeyTime() } = options;
    const { budget = new FairBudget({ clock }) } = options;
    this.#work = budget.account();
    this.#admitted = new AdmittedBytes(connection.bytes, this.#work);
    this.#limits = new TimeLimits(options);
    this.#bytes = new PacedBytes(this.#admitted, clock, keyTime);
    this.terminal = new Terminal({
      ...options,
      sink: connection,
      onCharacterMode: () => {
        this.#bytes.isPaced = true;
        this.#reader.start();
      },
      onLeave: () => this.end(),
    });
    this.outbox = this.terminal.outbox;
    this.outbox.onBreak = () => {
      if (this.isEnded) return;
      this.#isGone = true;
      this.#cursor.cut();
    };
    this.#closing = new GracefulClose(connection, this.outbox, clock);
    this.#detector = new WrongProtocolDetector({
      http: options.http,
      webUrl: options.webUrl,
      localAddress: connection.localAddress,
      onDetected: (answer) => {
        this.#isRefused = true;
        this.outbox.push(answer);
        this.end();
      },
    });
    this.#reader = new ReadAhead(
      createFramer(framing, this.#bytes, {
        ...options,
        inspect: (chunk) => this.#inspect(chunk),
        filter: (chunk) => this.#filter(chunk),
        // A peer that has closed both sides wants no answers.
        onEnd: () => void this.outbox.probe(),
      }),
    );
    this.#cursor = new LineCursor(this.#reader, { ...options, work: this.#work });
  }

  /** Whether the session is over, except for what is still on its way to the peer. */
  get isEnded(): boolean {
    return this.#closing.hasBegun;
  }

  /** The part of the peer's address that identifies its machine; see `ByteConnection`. */
  get address(): string {
    return this.#connection.address;
  }

  /** Longest line in bytes. */
  get maxLineBytes(): number {
    return this.#options.maxLineBytes;
  }

  /** The options of the endpoint that are for the service. */
  get endpointOptions(): ReadonlyMap<string, string> {
    return this.#options.endpointOptions ?? NO_OPTIONS;
  }

  /** Whether the peer counts octets; known once it has sent a line. */
  get isOctetCounted(): boolean {
    return this.#reader.isOctetCounted;
  }

  /** What had to be changed in the line that was read last; `undefined` for nothing. */
  get damage(): LineDamage | undefined {
    return this.#cursor.damage;
  }

  /** What the peer types, line by line, until it ends or the session does. */
  get lines(): AsyncIterable<string> {
    return this.#cursor;
  }

  /**
   * Lines that were read and will not be given to the service, because the connection broke or the
   * server stops. To be asked for once {@linkcode Session.lines} have ended.
   */
  get unservedLines(): readonly string[] {
    const isCutOff = this.#isGone || this.#farewell !== undefined;
    return isCutOff ? [...this.#cursor.remaining, ...this.#reader.held] : [];
  }

  /**
   * The same in batches of all lines that have arrived, without flood control: for services that
   * receive thousands of lines a second.
   */
  get batches(): AsyncIterable<LineBatch> {
    this.#isPouring = true;
    return this.#readBatches();
  }

  /**
   * Bytes as they come, instead of {@linkcode Session.lines}, for endpoints with `framing=raw`:
   * neither telnet nor HTTP is looked for. A chunk is valid until the next one is asked for.
   */
  get chunks(): AsyncIterable<Uint8Array> {
    this.#isPouring = true;
    // A generator would take as long as everything else.
    const check = (result: IteratorResult<Uint8Array>) => this.#checkChunk(result);
    return { [Symbol.asyncIterator]: () => ({ next: () => this.#admitted.next().then(check) }) };
  }

  /** What to await before costly work for the peer, if anything; see {@linkcode FairBudget}. */
  turn(): Promise<void> | undefined {
    return this.#work.admit();
  }

  /** Queues a line of text; returns `false` if a slow peer's outbox has no room for it. */
  send(line: string): boolean {
    return this.outbox.push(encoder.encode(line + "\r\n"));
  }

  /** Queues a line that must arrive; returns what to await before the next one, if anything. */
  answer(line: string): Promise<boolean> | undefined {
    return this.outbox.send(encoder.encode(line + "\r\n"));
  }

  /**
   * Disconnects the peer with `sentence` unless {@linkcode Session.clearDeadline} is called within
   * `ms` milliseconds.
   */
  setDeadline(ms: number, sentence: string): void {
    this.#limits.setDeadline(ms, sentence);
  }

  clearDeadline(): void {
    this.#limits.clearDeadline();
  }

  /** Ends the session: what is queued is sent, and nothing more is read. Safe to call again. */
  end(): Promise<void> {
    if (!this.isEnded) {
      this.#bytes.isPaced = false;
      this.terminal.leave();
    }
    const ended = this.#closing.begin();
    this.#cursor.end();
    return ended;
  }

  /**
   * Ends the session because the server stops, with `farewell` as the last line. Lines that have
   * come, and those that come within a bounded time, still go to the service, which finishes the
   * one it is at. Batches and chunks go to it until the connection is closed. Never rejects.
   */
  async stop(farewell: string): Promise<void> {
    if (this.isEnded) return;
    const { clock } = this.#options;
    this.#farewell = farewell;
    this.#cursor.stopPacing();
    await untilQuiet(clock, () => this.isEnded || this.#isQuiet);
    this.#cursor.end();
    if (!this.#reader.isWaiting) await waitFor(this.#served.promise, clock, DRAIN_MS);
    if (this.onStop) await waitFor(this.onStop(), clock, DRAIN_MS);
    this.#sayFarewell();
    this.end();
  }

  /** Closes the connection at once, with whatever is queued. */
  abort(): void {
    this.outbox.abandon();
    this.terminal.close();
    this.#connection.close();
  }

  /** Runs `serve` from the peer's first line, or its silence, to the end of the connection. */
  async run(serve: (session: Session) => Promise<void>): Promise<void> {
    try {
      if (!this.#isRaw) await this.#meet();
      if (!this.isEnded) await serve(this);
    } catch (error) {
      this.send("! Internal error");
      throw error;
    } finally {
      this.#served.resolve();
      this.#sayFarewell();
      this.end();
      await this.#closing.finish(() => this.#reader.discard());
      this.terminal.close();
      if (this.#isRefused) {
        const { address, context, endpointOptions } = this;
        const { count: bytes } = this.#admitted;
        this.#options.onRefused?.({ address, context, endpointOptions, bytes });
      }
    }
  }

  /** Enforces the time limits; called about once a second. */
  check(): void {
    const isReading = this.#reader.isWaiting || this.#isRaw;
    // While we are not reading, only a write reveals a dead peer.
    if (!isReading) this.outbox.probe();
    this.#sendSignOfLife();
    // A peer whose lines wait for us, because of a flood or a busy service, is not silent.
    const verdict = this.#limits.check(this.outbox, isReading && !this.owesAnswer);
    if (!verdict) return;
    if ("isStalled" in verdict) return this.abort();
    if (this.isEnded) return;
    this.send(verdict.sentence);
    this.end();
  }

  /**
   * Sends a telnet client something that it ignores if it was sent nothing for a while: only by a
   * missing acknowledgement does the system learn that its machine is gone.
   */
  #sendSignOfLife(): void {
    const { takenBytes } = this.outbox;
    const now = this.#options.clock.monotonic();
    const isDue = takenBytes === this.#life.takenBytes && now - this.#life.at >= NOP_INTERVAL_MS;
    if (isDue && this.terminal.knowsTelnet) this.outbox.offer(TELNET_NOP);
    if (isDue || takenBytes !== this.#life.takenBytes) this.#life = { takenBytes, at: now };
  }

  #sayFarewell(): void {
    if (this.#farewell !== undefined && !this.isEnded) this.send(this.#farewell);
  }

  /** Whether nothing has come since this was read last, and nothing waits for the service. */
  get #isQuiet(): boolean {
    const { hasRead } = this.#limits;
    this.#limits.hasRead = false;
    return !hasRead && !this.owesAnswer && (this.#reader.isWaiting || this.#isRaw);
  }

  /** Whether what comes is dropped. */
  get #isDeaf(): boolean {
    return this.isEnded && !(this.#isPouring && this.#farewell !== undefined);
  }

  get #isRaw(): boolean {
    return this.endpointOptions.get("framing") === "raw";
  }

  /**
   * Gives a peer of another protocol time to speak first, and a terminal time to introduce itself.
   */
  async #meet(): Promise<void> {
    const { clock, offersTelnet } = this.#options;
    const firstLine = this.#reader.peek(
      (first, second) => this.isEnded || this.#detector.accepts(first, second),
      () => sleep(clock, SECOND_LINE_MS),
    );
    await waitFor(firstLine, clock, HELLO_DELAY_MS);
    if (this.isEnded || !offersTelnet) return;
    // So that even the greeting fits the window and appears above the line being typed.
    const introduced = this.terminal.introduce();
    await waitFor(Promise.race([firstLine, introduced]), clock, TERMINAL_DELAY_MS);
  }

  async *#readBatches(): AsyncGenerator<LineBatch> {
    for (let batch = await this.#reader.read(); batch; batch = await this.#reader.read()) {
      if (this.#isDeaf) return;
      yield batch;
    }
  }

  #checkChunk(result: IteratorResult<Uint8Array>): IteratorResult<Uint8Array> {
    this.#limits.hasRead = true;
    if (result.done) this.outbox.probe();
    return this.#isDeaf ? { value: undefined, done: true } : result;
  }

  #inspect(chunk: Uint8Array): Uint8Array {
    this.#limits.hasRead = true;
    this.#detector.inspect(chunk);
    return this.#isDeaf ? NOTHING : chunk;
  }

  /** Takes telnet out of a chunk and, in character mode, edits the line being typed. */
  #filter(bytes: Uint8Array): Uint8Array {
    if (this.#options.keepsTelnet) return bytes;
    if (!this.terminal.isEditing) return this.terminal.feed(bytes);
    const { clock } = this.#options;
    const start = clock.monotonic();
    const lines = this.terminal.feed(bytes);
    this.#bytes.spend(clock.monotonic() - start);
    return lines;
  }
}
