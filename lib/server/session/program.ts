/**
 * A command that a peer wants to be run, as whoever runs it sees it: two outputs, and when to stop.
 * Its input is that of the session.
 *
 * @module
 */

import { traitsOf } from "../../codec/terminal_type.ts";
import type { RemoteCommand, RemoteTerminal } from "../../transport/connection.ts";
import { Outbox, type OutboxOptions } from "../output/outbox.ts";

/** Ctrl-C and Ctrl-D, which a terminal in SSH's raw mode sends as bytes. */
const INTERRUPT = 0x03;
const END_OF_INPUT = 0x04;
const CR = 0x0d;
const LF = 0x0a;
const encoder = new TextEncoder();

export interface ProgramOptions {
  readonly command: RemoteCommand;
  /** Sets the exit status. */
  readonly exit: (status: number) => void;
  /** The terminal that it is shown on, if any. */
  readonly terminal: RemoteTerminal | undefined;
  /** Standard output. */
  readonly output: Outbox;
  /** Those of standard error. */
  readonly outbox: OutboxOptions;
}

export class Program {
  /** As the peer wrote it, e.g. `say ops "release 4.2 is out"`. */
  readonly command: string;
  readonly #options: ProgramOptions;
  readonly #stopping = new AbortController();
  readonly #errors: Outbox;

  constructor(options: ProgramOptions) {
    const { command, outbox } = options;
    this.#options = options;
    this.command = command.text;
    this.#errors = new Outbox({ write: (bytes) => command.writeError(bytes) }, outbox);
    if (command.signal.aborted) this.stop();
    else command.signal.addEventListener("abort", () => this.stop(), { once: true });
  }

  /** Whether the output is shown on a terminal, instead of being read by a program. */
  get hasTerminal(): boolean {
    return this.#options.terminal !== undefined;
  }

  /** Whether that terminal shows colours. */
  get hasColour(): boolean {
    const { terminal } = this.#options;
    return terminal !== undefined && traitsOf([terminal.type]).hasColour;
  }

  /** Aborted when the peer stops the command or is gone, or the server stops. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Makes the command stop. */
  stop(): void {
    this.#stopping.abort();
  }

  /**
   * Writes to standard output. Lines end with `\n`, whatever the terminal wants.
   *
   * @returns What to await before more is written, if anything; it resolves to `false` once nobody
   * reads any more.
   */
  write(text: string | Uint8Array): Promise<boolean> | undefined {
    return this.#options.output.send(this.#encode(text));
  }

  /** As {@linkcode Program.write}, to standard error. */
  writeError(text: string): Promise<boolean> | undefined {
    return this.#errors.send(this.#encode(text));
  }

  /** The peer's bytes that are the command's input; at a terminal, Ctrl-C and Ctrl-D work. */
  inputOf(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    return this.hasTerminal ? this.#typed(bytes[Symbol.asyncIterator]()) : bytes;
  }

  async *#typed(bytes: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
    for (let next = await bytes.next(); !next.done; next = await bytes.next()) {
      if (next.value.includes(INTERRUPT)) this.stop();
      const end = next.value.indexOf(END_OF_INPUT);
      const typed = end === -1 ? next.value : next.value.subarray(0, end);
      if (typed.length > 0) yield typed.map((byte) => byte === CR ? LF : byte);
      if (end !== -1) return void this.#watch(bytes);
    }
  }

  /** Waits for Ctrl-C after the end of the input: the command may keep running. */
  async #watch(bytes: AsyncIterator<Uint8Array>): Promise<void> {
    try {
      for (let next = await bytes.next(); !next.done; next = await bytes.next()) {
        if (next.value.includes(INTERRUPT)) this.stop();
      }
    } catch {
      // The connection broke; the outputs notice that, too.
    }
  }

  /** Sets the exit status; resolves once standard error is read. */
  async exit(status: number): Promise<void> {
    this.#options.exit(status);
    await this.#errors.drained();
  }

  /** A terminal that SSH has made raw does not return to the first column by itself. */
  #encode(text: string | Uint8Array): Uint8Array {
    if (typeof text !== "string") return text;
    return encoder.encode(this.hasTerminal ? text.replace(/\r?\n/g, "\r\n") : text);
  }
}
