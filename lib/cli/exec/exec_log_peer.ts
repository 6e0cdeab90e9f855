/**
 * A command that sends log lines as the logger sees it: lines come from standard input, receipts go
 * to standard output and complaints to standard error.
 *
 * @module
 */

import type { LineBatch } from "../../server/framing/framer.ts";
import type { Program } from "../../server/session/program.ts";
import type { Session } from "../../server/session/session.ts";
import { shiftDamage } from "../../service/logger/line_recorder.ts";
import type { LogPeer } from "../../service/logger/log_connection.ts";

export interface ExecLogPeerOptions {
  readonly session: Session;
  readonly program: Program;
  /** What stands for the sender's machine. */
  readonly address: string;
  /** Lines at the beginning of the input that are stored already. */
  readonly skippedLines: number;
}

export class ExecLogPeer implements LogPeer {
  readonly address: string;
  /** Not called: when the server stops, the input ends, and what was read gets its receipt. */
  onStop: LogPeer["onStop"];
  readonly #options: ExecLogPeerOptions;
  readonly #ended = Promise.withResolvers<IteratorReturnResult<undefined>>();
  #isEnded = false;
  #left: number;

  constructor(options: ExecLogPeerOptions) {
    this.#options = options;
    this.address = options.address;
    this.#left = options.skippedLines;
    const { signal } = options.program;
    if (signal.aborted) this.#stopReading();
    else signal.addEventListener("abort", () => this.#stopReading(), { once: true });
  }

  get context(): LogPeer["context"] {
    return this.#options.session.context;
  }

  get outbox(): LogPeer["outbox"] {
    return this.#options.session.outbox;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  get isOctetCounted(): boolean {
    return this.#options.session.isOctetCounted;
  }

  /** How many of the lines to skip have not come. */
  get missingLines(): number {
    return this.#left;
  }

  get batches(): AsyncIterable<LineBatch> {
    const batches = this.#options.session.batches[Symbol.asyncIterator]();
    const next = async (): Promise<IteratorResult<LineBatch>> => {
      for (;;) {
        const result = await Promise.race([batches.next(), this.#ended.promise]);
        if (result.done) return result;
        const batch = this.#skip(result.value);
        if (batch.lines.length > 0) return { value: this.#finish(batch), done: false };
      }
    };
    return { [Symbol.asyncIterator]: () => ({ next }) };
  }

  get chunks(): AsyncIterable<Uint8Array> {
    const chunks = this.#options.session.chunks[Symbol.asyncIterator]();
    const next = () => Promise.race([chunks.next(), this.#ended.promise]);
    return { [Symbol.asyncIterator]: () => ({ next }) };
  }

  answer(line: string): Promise<boolean> | undefined {
    const { program } = this.#options;
    const text = `${line.replaceAll("\r\n", "\n")}\n`;
    return line.startsWith("! ") ? program.writeError(text) : program.write(text);
  }

  /** Ends the input; the command then ends by itself. */
  end(): Promise<void> {
    this.#isEnded = true;
    this.#stopReading();
    return Promise.resolve();
  }

  abort(): void {
    void this.end();
  }

  #stopReading(): void {
    this.#ended.resolve({ value: undefined, done: true });
  }

  /** A batch without the lines that are stored already. */
  #skip(batch: LineBatch): LineBatch {
    const count = Math.min(this.#left, batch.lines.length);
    if (count === 0) return batch;
    this.#left -= count;
    return {
      ...batch,
      lines: batch.lines.slice(count),
      damage: shiftDamage(batch.damage, -count),
    };
  }

  /** Over SSH the end of the input is no broken connection, and a line before it is complete. */
  #finish(batch: LineBatch): LineBatch {
    return this.#options.program.signal.aborted ? batch : { ...batch, isUnfinished: false };
  }
}
