/**
 * Lines that end with a newline: transport filter, line limit, UTF-8 and `TextLineStream`, in this
 * order.
 *
 * @module
 */

import { TextLineStream } from "@std/streams/text-line-stream";
import type { Charset } from "../../codec/charset.ts";
import type { Erasure } from "../../codec/erasure.ts";
import { LineDecoder } from "../../codec/line_decoder.ts";
import { type ByteTaker, type PullableBytes, pullBytes } from "../../transport/connection.ts";
import type { Framer, LineBatch, LineTaker } from "./framer.ts";

/**
 * Largest piece that is split at once, in UTF-16 units. A line that is kept, such as a room's
 * recent message, keeps its whole piece in memory, because V8 substrings share the parent's
 * storage.
 */
const MOST_AT_ONCE = 8192;

/** Takes the lines of a text. */
interface SplitTaker {
  takeSplit(lines: string[]): void;
}

/** A text that is being split. */
interface Job {
  readonly lines: string[];
  readonly count: number;
  readonly taker: SplitTaker;
}

/**
 * Splits text into lines with one `TextLineStream` for all connections.
 *
 * What connections send in one turn of the event loop is written to the stream in few pieces, because
 * a write costs as much as several lines. Every line is asked for before that, so the stream returns
 * each line as it finds it and holds nothing afterwards: nothing of one connection can reach
 * another, and an idle connection needs no stream of its own, which would be most of its memory.
 */
export class LineSplitter {
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #writer: WritableStreamDefaultWriter<string>;
  #texts: string[] = [];
  #jobs: Job[] = [];
  /** Lines that have not been asked for. */
  #unread = 0;
  #firstJob = 0;

  constructor() {
    const { readable, writable } = new TextLineStream();
    this.#reader = readable.getReader();
    this.#writer = writable.getWriter();
  }

  /**
   * Passes the lines of `text`, which ends with a newline, to `taker`, without their ends (LF or CR
   * LF), after this has returned.
   *
   * @param head What came of the first line before `text`.
   */
  split(text: string, taker: SplitTaker, head = ""): void {
    if (this.#texts.length === 0) queueMicrotask(this.#write);
    let count = 0;
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count++;
    this.#jobs.push({ lines: [], count, taker });
    this.#unread += count;
    // Joined with all of a long text, the head would cost a copy of it.
    const isApart = head !== "" && text.length > MOST_AT_ONCE;
    const firstEnd = isApart ? text.indexOf("\n") + 1 : text.length;
    this.#texts.push(head + text.slice(0, firstEnd));
    if (firstEnd < text.length) this.#texts.push(text.slice(firstEnd));
  }

  readonly #write = (): void => {
    const texts = this.#texts;
    this.#texts = [];
    for (; this.#unread > 0; this.#unread--) this.#reader.read().then(this.#take);
    let first = 0;
    let length = 0;
    for (const [index, text] of texts.entries()) {
      if (index > first && length + text.length > MOST_AT_ONCE) {
        this.#writer.write(texts.slice(first, index).join(""));
        first = index;
        length = 0;
      }
      length += text.length;
    }
    this.#writer.write(texts.slice(first).join(""));
  };

  readonly #take = ({ value }: ReadableStreamReadResult<string>): void => {
    const { lines, count, taker } = this.#jobs[this.#firstJob];
    if (lines.push(value!) < count) return;
    if (++this.#firstJob === this.#jobs.length) {
      this.#jobs = [];
      this.#firstJob = 0;
    }
    taker.takeSplit(lines);
  };
}

/** Its functions are called as methods, so it may be an instance of a class. */
export interface LineFramerOptions {
  /** Sees every chunk first; what it returns is filtered. @default {nothing is to be seen} */
  inspect?(chunk: Uint8Array): Uint8Array;
  /** Takes the transport's own protocol out of a chunk. */
  filter(chunk: Uint8Array): Uint8Array;
  /** Longest line in bytes, without its end. */
  readonly maxLineBytes: number;
  /** The encoding of lines that are not UTF-8. @default {UTF-8} */
  readonly charset?: Charset;
  /** Shared by all connections. */
  readonly splitter: LineSplitter;
  /** Called at the end of the input, before the last lines are returned. */
  onEnd?(): void;
}

/** The lines of one connection. A last line without a newline is a line too. */
export class LineFramer implements Framer, ByteTaker, SplitTaker {
  isWaiting = false;
  readonly isOctetCounted = false;
  readonly #bytes: PullableBytes;
  readonly #options: LineFramerOptions;
  readonly #decoder: LineDecoder;
  /** The start of the next line; the stream would keep it as a list of all its pieces. */
  #unfinished = "";
  /** Takes what was asked for last. */
  #taker!: LineTaker;

  constructor(bytes: AsyncIterable<Uint8Array>, options: LineFramerOptions) {
    this.#bytes = bytes[Symbol.asyncIterator]();
    this.#options = options;
    this.#decoder = new LineDecoder(options.maxLineBytes, options.charset);
  }

  read(): Promise<LineBatch | undefined> {
    return new Promise((takeLines, fail) => this.pull({ takeLines, fail }));
  }

  pull(taker: LineTaker): void {
    this.isWaiting = true;
    this.#taker = taker;
    pullBytes(this.#bytes, this);
  }

  /** This and the next method are part of {@linkcode ByteTaker}. */
  takeBytes(result: IteratorResult<Uint8Array>): void {
    try {
      this.#take(result);
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error: unknown): void {
    this.#taker.fail(error);
  }

  #take({ value, done }: IteratorResult<Uint8Array>): void {
    const options = this.#options;
    if (done) {
      this.isWaiting = false;
      options.onEnd?.();
      return this.#taker.takeLines(this.#finish());
    }
    const chunk = options.inspect ? options.inspect(value) : value;
    const text = this.#decoder.decode(options.filter(chunk));
    // Most chunks are whole lines, and a search for their end costs more than a look at it.
    const end = text.endsWith("\n") ? text.length : text.lastIndexOf("\n") + 1;
    if (end === 0) {
      this.#unfinished += text;
      return pullBytes(this.#bytes, this);
    }
    this.isWaiting = false;
    const head = this.#unfinished;
    this.#unfinished = text.slice(end);
    options.splitter.split(text.slice(0, end), this, head);
  }

  /** Part of {@linkcode SplitTaker}. */
  takeSplit(lines: string[]): void {
    this.#taker.takeLines({ lines, damage: this.#decoder.takeDamage(lines.length) });
  }

  erase(what: Erasure): void {
    this.#unfinished = this.#decoder.erase(what, this.#unfinished);
  }

  async discard(): Promise<void> {
    while (!(await this.#bytes.next()).done);
  }

  #finish(): LineBatch | undefined {
    const line = this.#unfinished + this.#decoder.finish();
    if (line === "") return undefined;
    this.#unfinished = "";
    return { lines: [line], damage: this.#decoder.takeDamage(1), isUnfinished: true };
  }
}
