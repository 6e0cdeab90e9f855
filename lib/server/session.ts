/**
 * One connected client from hello to goodbye, as a service sees it: lines in, lines out.
 *
 * @module
 */

import { Pauses } from "../clock.ts";
import type { LineDamage } from "../codec/line_decoder.ts";
import { TelnetFilter } from "../codec/telnet.ts";
import type { ConnectionContext } from "../context.ts";
import type { ByteConnection } from "../transport/connection.ts";
import {
  httpAnswer,
  isHttpRequest,
  matchTlsHello,
  TLS_HELLO_BYTES,
  TLS_HINT,
} from "./first_line.ts";
import { AutoFramer } from "./auto_framer.ts";
import type { FloodGuard } from "./flood_guard.ts";
import type { Framer, LineBatch } from "./framer.ts";
import { LineCursor } from "./line_cursor.ts";
import { LineFramer, type LineSplitter } from "./line_framer.ts";
import { OctetFramer } from "./octet_framer.ts";
import { Outbox, type OutboxOptions } from "./outbox.ts";
import { KeyTime, PacedBytes } from "./paced_bytes.ts";
import { ReadAhead } from "./read_ahead.ts";
import { Terminal } from "./terminal.ts";
import { TimeLimits, type TimeLimitsOptions } from "./time_limits.ts";

/** How long a first line is waited for before the service speaks: HTTP must be answered first. */
const HELLO_DELAY_MS = 200;
/** How long a peer may take to say what terminal it is, before the service speaks to it. */
const TERMINAL_DELAY_MS = 250;
/** How long the peer may go on sending after our last word. */
const LINGER_MS = 1000;

/**
 * How a peer's lines are told apart: by newlines, by their lengths before them (RFC 6587), or by
 * whichever of the two its first bytes show.
 */
export type Framing = "line" | "octet" | "auto";

/** What all sessions of a listener have in common. */
export interface SessionOptions extends TimeLimitsOptions {
  /** Delays lines that come too fast; without one, none are. */
  readonly guard?: FloodGuard;
  readonly outbox: OutboxOptions;
  readonly splitter: LineSplitter;
  /** The time for keys, shared by all sessions of the server. @default {the session's own} */
  readonly keyTime?: KeyTime;
  readonly maxLineBytes: number;
  /** @default {"line"} */
  readonly framing?: Framing;
  /** What the endpoint says to the service, e.g. `framing`. */
  readonly endpointOptions?: ReadonlyMap<string, string>;
  /** Whether to open telnet negotiation, instead of only answering it. */
  readonly offersTelnet: boolean;
  /** Whether telnet is not even looked for: its bytes are text then, if bad text. */
  readonly keepsTelnet?: boolean;
  /**
   * Where visitors with a browser are sent. A host of `0.0.0.0` or `[::]` stands for the address
   * that the visitor came to.
   */
  readonly webUrl?: string;
}

const NOTHING = new Uint8Array();
const NO_OPTIONS: ReadonlyMap<string, string> = new Map();
const encoder = new TextEncoder();

export class Session implements AsyncIterator<string> {
  readonly context: ConnectionContext;
  readonly outbox: Outbox;
  readonly terminal: Terminal;
  /** Set by a service while it owes the peer an answer: who waits for us is not idle. */
  owesAnswer = false;
  /** Whether the peer counts octets; known once it has sent a line. */
  isOctetCounted = false;
  readonly #connection: ByteConnection;
  readonly #options: SessionOptions;
  readonly #bytes: PacedBytes;
  readonly #telnet: TelnetFilter;
  readonly #reader: ReadAhead;
  readonly #cursor: LineCursor;
  readonly #limits: TimeLimits;
  /** How much of a TLS hello has been seen; `undefined` once it is certain that there is none. */
  #tlsMatched: number | undefined = 0;
  #closing: Promise<void> | undefined;
  /** Of those who send too fast. */
  readonly #pauses: Pauses;
  #cancelLinger: (() => void) | undefined;

  constructor(connection: ByteConnection, context: ConnectionContext, options: SessionOptions) {
    this.#connection = connection;
    this.context = context;
    this.#options = options;
    this.#limits = new TimeLimits(options);
    const { clock, keyTime = new KeyTime() } = options;
    this.#pauses = new Pauses(clock);
    this.#bytes = new PacedBytes(connection.bytes, clock, keyTime);
    this.terminal = new Terminal({
      sink: connection,
      clock: options.clock,
      maxLineBytes: options.maxLineBytes,
      offersTelnet: options.offersTelnet,
      onCharacterMode: () => {
        this.#bytes.isPaced = true;
        this.#reader.start();
      },
      onLeave: () => this.end(),
    });
    this.outbox = new Outbox(this.terminal, options.outbox);
    this.#telnet = new TelnetFilter(this.terminal, { offers: options.offersTelnet });
    this.terminal.connect(this.outbox, this.#telnet);
    const { framing = "line" } = options;
    this.#reader = new ReadAhead(
      framing === "auto"
        ? new AutoFramer(this.#bytes, (...args) => this.#createFramer(...args))
        : this.#createFramer(this.#bytes, framing === "octet"),
    );
    this.#cursor = new LineCursor(this.#reader);
  }

  /** Whether the session is over, but for what is still on its way to the peer. */
  get isEnded(): boolean {
    return this.#closing !== undefined;
  }

  /** The part of the peer's address that identifies its machine; see `ByteConnection`. */
  get address(): string {
    return this.#connection.address;
  }

  /** Longest line in bytes. */
  get maxLineBytes(): number {
    return this.#options.maxLineBytes;
  }

  /** What had to be done to the line read last to keep it; `undefined` for nothing. */
  get damage(): LineDamage | undefined {
    return this.#cursor.damage;
  }

  /** What the peer types, line by line, until it ends or the session does. */
  get lines(): AsyncIterable<string> {
    return { [Symbol.asyncIterator]: () => this };
  }

  /**
   * The same, all lines at once that have come: for services that are sent thousands in a second.
   * There is no flood control on them.
   */
  get batches(): AsyncIterable<LineBatch> {
    return this.#readBatches();
  }

  /**
   * What the peer sends as it comes, instead of {@linkcode Session.lines}; for endpoints with
   * `framing=raw`, where nothing is looked for in the bytes: no telnet, no request for a page.
   * A chunk is the reader's only until it asks for the next one.
   */
  get chunks(): AsyncIterable<Uint8Array> {
    // No generator: it would take as long as all the rest.
    const bytes = this.#connection.bytes[Symbol.asyncIterator]();
    const check = (result: IteratorResult<Uint8Array>) => this.#checkChunk(result);
    return { [Symbol.asyncIterator]: () => ({ next: () => bytes.next().then(check) }) };
  }

  /** What the endpoint says to the service. */
  get endpointOptions(): ReadonlyMap<string, string> {
    return this.#options.endpointOptions ?? NO_OPTIONS;
  }

  /** Queues a line of text; returns `false` where a slow peer's outbox has no room for it. */
  send(line: string): boolean {
    return this.outbox.push(encoder.encode(line + "\r\n"));
  }

  /**
   * Says what must happen before long: unless {@linkcode Session.clearDeadline} is called within
   * `ms` milliseconds, the peer is told `sentence` and sent away.
   */
  setDeadline(ms: number, sentence: string): void {
    this.#limits.setDeadline(ms, sentence);
  }

  clearDeadline(): void {
    this.#limits.clearDeadline();
  }

  /** Ends the session: what is queued is sent, what still comes is not read. Safe to call again. */
  end(): Promise<void> {
    this.#closing ??= this.#close();
    this.#pauses.end();
    return this.#closing;
  }

  /** Cuts the connection off, with whatever is under way. */
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
      await this.end();
      await this.#reader.discard();
      this.#cancelLinger?.();
      this.terminal.close();
      this.#connection.close();
    }
  }

  /** Part of {@linkcode Session.lines}. */
  next(): Promise<IteratorResult<string>> {
    const isUnguarded = this.#options.guard?.isOff ?? true;
    return isUnguarded && !this.isEnded ? this.#cursor.next() : this.#nextWithCare();
  }

  /** Looks after what has a time limit; called about once a second. */
  check(): void {
    // Nobody is silent whose lines wait for us, because of a flood or a service that is busy.
    const isWaitedFor = !this.owesAnswer && (this.#reader.isWaiting || this.#isRaw);
    // Who is not being read would be found out only by the next answer.
    if (!this.#reader.isWaiting && !this.#isRaw) this.outbox.probe();
    const verdict = this.#limits.check(this.outbox, isWaitedFor);
    if (!verdict) return;
    if ("isStalled" in verdict) return this.abort();
    if (this.isEnded) return;
    this.send(verdict.sentence);
    this.end();
  }

  get #isRaw(): boolean {
    return this.endpointOptions.get("framing") === "raw";
  }

  get #webUrl(): string | undefined {
    const { localAddress: address = "127.0.0.1" } = this.#connection;
    const host = address.includes(":") ? `[${address}]` : address;
    return this.#options.webUrl?.replace(/\/\/(0\.0\.0\.0|\[::\]):/, `//${host}:`);
  }

  async #close(): Promise<void> {
    this.#bytes.isPaced = false;
    this.terminal.leave();
    await this.outbox.drained();
    this.outbox.abandon();
    await this.#connection.closeWrite();
    // A peer that never ends its side would be waited for without end. And closing with unread
    // bytes would make the system tell the peer to forget our last words.
    this.#cancelLinger = this.#options.clock.after(LINGER_MS, () => this.#connection.close());
  }

  /** Gives a peer who came to the wrong door the time to say so, before the service speaks. */
  async #meet(): Promise<void> {
    const firstLine = this.#reader.peek((batch) => this.isEnded || this.#acceptsFirstLine(batch));
    await this.#firstOf(firstLine, HELLO_DELAY_MS);
    if (this.isEnded || !this.#options.offersTelnet) return;
    const introduced = new Promise<void>((resolve) => this.terminal.onIntroduced = resolve);
    this.#telnet.start();
    // So that even the first words are as wide as the window, and have their place above the line.
    await this.#firstOf(Promise.race([firstLine, introduced]), TERMINAL_DELAY_MS);
  }

  #createFramer(bytes: AsyncIterable<Uint8Array>, isOctetCounted: boolean): Framer {
    const { maxLineBytes, splitter } = this.#options;
    this.isOctetCounted = isOctetCounted;
    return isOctetCounted
      ? new OctetFramer(bytes, { filter: (chunk) => this.#inspect(chunk), maxLineBytes })
      : new LineFramer(bytes, {
        filter: (chunk) => this.#filter(chunk),
        maxLineBytes,
        splitter,
        // A peer that has closed both sides wants no answers.
        onEnd: () => void this.outbox.probe(),
      });
  }

  async *#readBatches(): AsyncGenerator<LineBatch> {
    for (let batch = await this.#reader.read(); batch; batch = await this.#reader.read()) {
      if (this.isEnded) return;
      yield batch;
    }
  }

  #checkChunk(result: IteratorResult<Uint8Array>): IteratorResult<Uint8Array> {
    this.#limits.hasRead = true;
    if (result.done) this.outbox.probe();
    return this.isEnded ? { value: undefined, done: true } : result;
  }

  /** Waits for something, but not longer than `ms` milliseconds. */
  #firstOf(event: Promise<unknown>, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(ms, resolve);
      event.then(() => {
        cancel();
        resolve();
      });
    });
  }

  /** Whether a first line is for the service. An HTTP request is answered, and ends the session. */
  #acceptsFirstLine({ lines: [line], damage }: LineBatch): boolean {
    if (!isHttpRequest(line, !!damage?.get(0)?.cutBytes)) return true;
    this.outbox.push(encoder.encode(httpAnswer(this.#webUrl)));
    this.end();
    return false;
  }

  async #nextWithCare(): Promise<IteratorResult<string>> {
    const result = await this.#cursor.next();
    if (result.done || this.isEnded) return { value: undefined, done: true };
    const waitMs = this.#options.guard?.admit() ?? 0;
    if (waitMs > 0) await this.#pauses.take(waitMs);
    return this.isEnded ? { value: undefined, done: true } : result;
  }

  #filter(chunk: Uint8Array): Uint8Array {
    const text = this.#inspect(chunk);
    return this.#options.keepsTelnet ? text : this.#type(this.#telnet.filter(text));
  }

  /** What is to be read of a chunk: all of it, unless it says that the peer is at the wrong door. */
  #inspect(chunk: Uint8Array): Uint8Array {
    this.#limits.hasRead = true;
    if (this.#tlsMatched !== undefined && this.#isTlsHello(chunk)) {
      this.#tlsMatched = undefined;
      this.outbox.push(encoder.encode(TLS_HINT));
      this.end();
    }
    return this.isEnded ? NOTHING : chunk;
  }

  /** The lines in what was typed, which are whole or not, as it is edited here or there. */
  #type(data: Uint8Array): Uint8Array {
    if (!this.terminal.isEditing) return this.terminal.feed(data);
    const { clock } = this.#options;
    const start = clock.monotonic();
    const lines = this.terminal.feed(data);
    this.#bytes.spend(clock.monotonic() - start);
    return lines;
  }

  #isTlsHello(chunk: Uint8Array): boolean {
    const matched = matchTlsHello(chunk, this.#tlsMatched ?? 0);
    this.#tlsMatched = matched === 0 ? undefined : matched;
    return matched === TLS_HELLO_BYTES;
  }
}
