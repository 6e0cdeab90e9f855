/**
 * Bytes to lines: telnet filter, line limit, UTF-8, `TextLineStream`, in this order.
 *
 * @module
 */

import { TextLineStream } from "@std/streams/text-line-stream";
import { LineLimit } from "../codec/line_limit.ts";
import { Utf8Decoder } from "../codec/utf8.ts";

/** What had to be done to a line to keep it. */
export interface LineDamage {
  /** Bytes left out because the line was too long. */
  readonly cutBytes: number;
  /** Characters that were no UTF-8 and became U+FFFD. */
  readonly repairs: number;
  /** Bytes that the peer announced and never sent; only where it counts octets. */
  readonly missingBytes?: number;
}

/** Lines that came together. */
export interface LineBatch {
  /** At least one. */
  readonly lines: readonly string[];
  /** What had to be done to some of them, by index; `undefined` where nothing had. */
  readonly damage: ReadonlyMap<number, LineDamage> | undefined;
}

/** Where lines come from, however they are told apart. */
export interface LineInput {
  /** What was done to the line returned last; `undefined` for nothing. */
  readonly damage: LineDamage | undefined;
  /** Whether the line returned last was the very last, and had no end. */
  readonly isUnfinished: boolean;
  /** Whether it is the peer's turn: a line was asked for, and there is none yet. */
  readonly isWaiting: boolean;
  /** The next line, without its end. */
  next(): Promise<IteratorResult<string>>;
  /** The line returned last, and all that came with it and can be had without waiting. */
  gather(first: string): Promise<LineBatch>;
  /** Reads and forgets what still comes, until the end. */
  discard(): Promise<void>;
}

export interface LineReaderOptions {
  /** Takes the transport's own protocol out of a chunk. */
  readonly filter: (chunk: Uint8Array) => Uint8Array;
  /** Longest line, in bytes without its end. */
  readonly maxLineBytes: number;
  /** Shared by all connections. */
  readonly streams: LineStreamPool;
  /** Called when there are no more bytes, before the lines end. */
  readonly onEnd?: () => void;
}

interface LineStream {
  readonly reader: ReadableStreamDefaultReader<string>;
  readonly writer: WritableStreamDefaultWriter<string>;
}

/** Spare streams kept at most: as many as there are connections busy in one turn. */
const SPARE_STREAMS = 256;

/**
 * The `TextLineStream`s that no connection is using.
 *
 * Between two lines a stream holds nothing of its connection, so the thousands of connections
 * with nothing to say need none (streams would be most of their memory), and those that talk
 * borrow one for as long as it takes to come to the end of a line.
 */
export class LineStreamPool {
  readonly #spare: LineStream[] = [];

  borrow(): LineStream {
    const spare = this.#spare.pop();
    if (spare) return spare;
    const stream = new TextLineStream();
    return { reader: stream.readable.getReader(), writer: stream.writable.getWriter() };
  }

  /** Takes back a stream all of whose lines have been read, and that is not in the midst of one. */
  giveBack(stream: LineStream): void {
    if (this.#spare.length < SPARE_STREAMS) this.#spare.push(stream);
  }
}

/** The lines of one connection. A last line without a newline is a line too. */
export class LineReader implements LineInput {
  damage: LineDamage | undefined;
  isUnfinished = false;
  isWaiting = false;
  readonly #bytes: AsyncIterator<Uint8Array>;
  readonly #filter: (chunk: Uint8Array) => Uint8Array;
  readonly #limit: LineLimit;
  readonly #decoder = new Utf8Decoder();
  readonly #streams: LineStreamPool;
  readonly #onEnd: LineReaderOptions["onEnd"];
  #stream: LineStream | undefined;
  /**
   * Text without a newline, kept from the stream, which would queue every piece of it by itself:
   * a peer that sends byte by byte could make a short line cost a hundred times its length.
   */
  #unfinished = "";
  /** Lines that the stream has whole, and the number of the next one. */
  #ready = 0;
  #line = 0;

  constructor(
    bytes: AsyncIterable<Uint8Array>,
    { filter, maxLineBytes, streams, onEnd }: LineReaderOptions,
  ) {
    this.#streams = streams;
    this.#onEnd = onEnd;
    this.#bytes = bytes[Symbol.asyncIterator]();
    this.#filter = filter;
    this.#limit = new LineLimit(maxLineBytes);
  }

  next(): Promise<IteratorResult<string>> {
    return this.#ready > 0 ? this.#take() : this.#pull();
  }

  async gather(first: string): Promise<LineBatch> {
    const lines = [first];
    let damage: Map<number, LineDamage> | undefined;
    if (this.damage) damage = new Map([[0, this.damage]]);
    while (this.#ready > 0) {
      const { value } = await this.#take();
      if (this.damage) (damage ??= new Map()).set(lines.length, this.damage);
      lines.push(value);
    }
    return { lines, damage };
  }

  async discard(): Promise<void> {
    while (!(await this.#bytes.next()).done);
  }

  async #pull(): Promise<IteratorResult<string>> {
    if (this.#stream && !this.#limit.isMidLine) {
      this.#streams.giveBack(this.#stream);
      this.#stream = undefined;
    }
    for (;;) {
      this.isWaiting = true;
      const { value, done } = await this.#bytes.next();
      this.isWaiting = false;
      if (done) {
        this.#onEnd?.();
        return this.#finish();
      }
      const before = this.#limit.lines;
      const chunk = this.#limit.apply(this.#filter(value));
      const text = this.#decoder.decode(chunk, before);
      this.#unfinished += text;
      this.#ready = this.#limit.lines - before;
      if (this.#ready === 0) continue;
      this.#stream ??= this.#streams.borrow();
      // Asked first, the stream has nothing to wait for when it is written to.
      const line = this.#take();
      this.#write();
      return await line;
    }
  }

  async #finish(): Promise<IteratorResult<string>> {
    const before = this.#limit.lines;
    this.#limit.finish();
    if (this.#limit.lines === before) return { value: undefined, done: true };
    this.isUnfinished = true;
    this.#unfinished += this.#decoder.finish(before);
    this.#write().writer.close();
    const last = this.#take();
    // Whoever borrowed a closed stream next would have nothing but errors from it.
    this.#stream = undefined;
    return await last;
  }

  #write(): LineStream {
    this.#stream ??= this.#streams.borrow();
    if (this.#unfinished !== "") this.#stream.writer.write(this.#unfinished);
    this.#unfinished = "";
    return this.#stream;
  }

  #take(): Promise<IteratorResult<string>> {
    this.#ready--;
    const line = this.#line++;
    this.damage = this.#damageOf(line);
    return this.#stream!.reader.read() as Promise<IteratorResult<string>>;
  }

  #damageOf(line: number): LineDamage | undefined {
    const { cuts } = this.#limit;
    const { repairs } = this.#decoder;
    if (cuts.length === 0 && repairs.length === 0) return undefined;
    const cutBytes = cuts[0]?.line === line ? cuts.shift()!.bytes : 0;
    let repaired = 0;
    while (repairs[0]?.line === line) repaired += repairs.shift()!.count;
    return cutBytes + repaired > 0 ? { cutBytes, repairs: repaired } : undefined;
  }
}
