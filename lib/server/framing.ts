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
}

export interface LineReaderOptions {
  /** Takes the transport's own protocol out of a chunk. */
  readonly filter: (chunk: Uint8Array) => Uint8Array;
  /** Longest line, in bytes without its end. */
  readonly maxLineBytes: number;
}

interface OpenStream {
  readonly reader: ReadableStreamDefaultReader<string>;
  readonly writer: WritableStreamDefaultWriter<string>;
}

/**
 * The lines of one connection. A last line without a newline is a line too.
 *
 * A `TextLineStream` is opened when bytes come and let go when they end with a newline, so that
 * the thousands of connections with nothing to say hold none: streams would be most of their
 * memory.
 */
export class LineReader {
  /** What was done to the line returned last; `undefined` for nothing. */
  damage: LineDamage | undefined;
  readonly #bytes: AsyncIterator<Uint8Array>;
  readonly #filter: (chunk: Uint8Array) => Uint8Array;
  readonly #limit: LineLimit;
  readonly #decoder = new Utf8Decoder();
  #stream: OpenStream | undefined;
  /** Lines that the stream has whole, and the number of the next one. */
  #ready = 0;
  #line = 0;

  constructor(bytes: AsyncIterable<Uint8Array>, { filter, maxLineBytes }: LineReaderOptions) {
    this.#bytes = bytes[Symbol.asyncIterator]();
    this.#filter = filter;
    this.#limit = new LineLimit(maxLineBytes);
  }

  /** The next line, without its end. */
  next(): Promise<IteratorResult<string>> {
    return this.#ready > 0 ? this.#take() : this.#pull();
  }

  /** Reads and forgets what still comes, until the end. */
  async discard(): Promise<void> {
    while (!(await this.#bytes.next()).done);
  }

  async #pull(): Promise<IteratorResult<string>> {
    if (!this.#limit.isMidLine) this.#stream = undefined;
    for (;;) {
      const { value, done } = await this.#bytes.next();
      if (done) return this.#finish();
      const before = this.#limit.lines;
      const chunk = this.#limit.apply(this.#filter(value));
      const text = this.#decoder.decode(chunk, before);
      if (text === "") continue;
      this.#stream ??= openStream();
      this.#stream.writer.write(text);
      this.#ready = this.#limit.lines - before;
      if (this.#ready > 0) return this.#take();
    }
  }

  async #finish(): Promise<IteratorResult<string>> {
    const before = this.#limit.lines;
    this.#limit.finish();
    if (this.#limit.lines === before) return { value: undefined, done: true };
    this.#stream ??= openStream();
    const rest = this.#decoder.finish(before);
    if (rest !== "") this.#stream.writer.write(rest);
    this.#stream.writer.close();
    return await this.#take();
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

function openStream(): OpenStream {
  const stream = new TextLineStream();
  return { reader: stream.readable.getReader(), writer: stream.writable.getWriter() };
}
