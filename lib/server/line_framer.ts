/**
 * Lines that end with a newline: transport filter, line limit, UTF-8 and `TextLineStream`, in this
 * order.
 *
 * @module
 */

import { TextLineStream } from "@std/streams/text-line-stream";
import type { Charset } from "../codec/charset.ts";
import { LineDecoder } from "../codec/line_decoder.ts";
import type { Framer, LineBatch } from "./framer.ts";

/**
 * Splits text into lines with one `TextLineStream` for all connections.
 *
 * Every line is asked for before the text is written, so the stream hands out each line as it finds
 * it and holds nothing between two calls: nothing of one connection can reach another, and an idle
 * connection needs no stream of its own, which would be most of its memory.
 */
export class LineSplitter {
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #writer: WritableStreamDefaultWriter<string>;

  constructor() {
    const { readable, writable } = new TextLineStream();
    this.#reader = readable.getReader();
    this.#writer = writable.getWriter();
  }

  /** The lines of `text`, which ends with a newline, without their ends (LF or CR LF). */
  async split(text: string): Promise<string[]> {
    const reads: Promise<ReadableStreamReadResult<string>>[] = [];
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) {
      reads.push(this.#reader.read());
    }
    this.#writer.write(text);
    const lines: string[] = [];
    for (const read of reads) lines.push((await read).value!);
    return lines;
  }
}

export interface LineFramerOptions {
  /** Takes the transport's own protocol out of a chunk. */
  readonly filter: (chunk: Uint8Array) => Uint8Array;
  /** Longest line in bytes, without its end. */
  readonly maxLineBytes: number;
  /** What is not UTF-8 is written in. @default {UTF-8} */
  readonly charset?: Charset;
  /** Shared by all connections. */
  readonly splitter: LineSplitter;
  /** Called at the end of the input, before the last lines are returned. */
  readonly onEnd?: () => void;
}

/** The lines of one connection. A last line without a newline is a line too. */
export class LineFramer implements Framer {
  isWaiting = false;
  readonly isOctetCounted = false;
  readonly #bytes: AsyncIterator<Uint8Array>;
  readonly #options: LineFramerOptions;
  readonly #decoder: LineDecoder;
  /** The start of the next line; the stream would keep it as a list of all its pieces. */
  #unfinished = "";

  constructor(bytes: AsyncIterable<Uint8Array>, options: LineFramerOptions) {
    this.#bytes = bytes[Symbol.asyncIterator]();
    this.#options = options;
    this.#decoder = new LineDecoder(options.maxLineBytes, options.charset);
  }

  async read(): Promise<LineBatch | undefined> {
    const { filter, splitter, onEnd } = this.#options;
    for (;;) {
      this.isWaiting = true;
      const { value, done } = await this.#bytes.next();
      this.isWaiting = false;
      if (done) {
        onEnd?.();
        return this.#finish();
      }
      const text = this.#decoder.decode(filter(value));
      const end = text.lastIndexOf("\n") + 1;
      if (end === 0) {
        this.#unfinished += text;
        continue;
      }
      const whole = this.#unfinished + text.slice(0, end);
      this.#unfinished = text.slice(end);
      const lines = await splitter.split(whole);
      return { lines, damage: this.#decoder.takeDamage(lines.length) };
    }
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
