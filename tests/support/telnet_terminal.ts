/**
 * A telnet client with a terminal: negotiates like common clients, shows the text, and sends what is
 * typed, key by key once the server echoes.
 *
 * @module
 */

import * as code from "../../lib/codec/telnet_code.ts";
import { ScreenTerminal, type ScreenTerminalOptions } from "./screen_terminal.ts";

const { BINARY, DO, DONT, ECHO, IAC, NAWS, SB, SE, SUPPRESS_GO_AHEAD, TERMINAL_TYPE, WILL, WONT } =
  code;

export interface TelnetTerminalOptions extends ScreenTerminalOptions {
  /** Its terminal types; with none it refuses to name one. @default {["XTERM-256COLOR"]} */
  readonly types?: readonly string[];
  /** Options that the server may use. @default {ECHO and SUPPRESS_GO_AHEAD} */
  readonly agreesTo?: readonly number[];
  /**
   * How it answers DO NAWS: with its size, with `0x0` like a client without a window, with WILL but
   * no size like one in a pipe, or with WONT. @default {"told"}
   */
  readonly size?: "told" | "0x0" | "agreed" | "refused";
  /** Whether it agrees to binary transmission (RFC 856) both ways; Enter is a CR alone then. */
  readonly isBinary?: boolean;
  /** Whether it ignores all negotiation. */
  readonly isSilent?: boolean;
}

export class TelnetTerminal {
  readonly screen: ScreenTerminal;
  /** The options that the server has announced with WILL. */
  readonly serverUses = new Set<number>();
  /** Everything received, protocol and text, one character for each byte. */
  received = "";
  /** The text received, one character for each byte. */
  text = "";
  readonly #options: TelnetTerminalOptions;
  readonly #send: (bytes: Uint8Array) => void;
  #namesGiven = 0;
  #sendsBinary = false;
  /** An incomplete telnet command. */
  #command: number[] = [];
  #showing: Promise<unknown> = Promise.resolve();

  /** @param send Sends bytes to the server. */
  constructor(options: TelnetTerminalOptions, send: (bytes: Uint8Array) => void) {
    this.#options = options;
    this.#send = send;
    this.screen = new ScreenTerminal(options);
    this.screen.onReply = (text) => this.type(text);
  }

  /** The text received, decoded as UTF-8. */
  get plainText(): string {
    return new TextDecoder().decode(Uint8Array.from(this.text, (byte) => byte.charCodeAt(0)));
  }

  /** Whether it is in character mode, in which keys are sent one by one. */
  get isInCharacterMode(): boolean {
    return this.serverUses.has(ECHO) && this.serverUses.has(SUPPRESS_GO_AHEAD);
  }

  /** Types text; `\r` is Enter. */
  type(keys: string): void {
    const enter = !this.isInCharacterMode ? "\r\n" : this.#sendsBinary ? "\r" : "\r\0";
    const bytes = new TextEncoder().encode(keys.replaceAll("\r", enter));
    this.#send(bytes);
  }

  resize(columns: number, rows: number): void {
    this.screen.resize(columns, rows);
    this.#sendSize(columns, rows);
  }

  /** Receives bytes from the server. */
  receive(bytes: Uint8Array): void {
    const text: number[] = [];
    for (const byte of bytes) {
      this.received += String.fromCharCode(byte);
      if (this.#command.length > 0 || byte === IAC) this.#takeCommand(byte);
      else text.push(byte);
    }
    this.text += String.fromCharCode(...text);
    if (text.length > 0) this.#showing = this.screen.write(Uint8Array.from(text));
  }

  /** Resolves once everything received is on the screen. */
  async shown(): Promise<void> {
    await this.#showing;
  }

  close(): void {
    this.screen.close();
  }

  #takeCommand(byte: number): void {
    this.#command.push(byte);
    const [, verb, option, parameter] = this.#command;
    if (verb === SB) {
      if (this.#command.at(-2) !== IAC || byte !== SE) return;
      this.#command = [];
      if (option === TERMINAL_TYPE && parameter === code.TERMINAL_TYPE_SEND) this.#sendName();
    } else if (this.#command.length === 3 || verb < SB) {
      this.#command = [];
      if (option !== undefined && !this.#options.isSilent) this.#answer(verb, option);
    }
  }

  #answer(verb: number, option: number): void {
    const { types = ["XTERM-256COLOR"], size = "told" } = this.#options;
    const { agreesTo = [ECHO, SUPPRESS_GO_AHEAD], isBinary = false } = this.#options;
    if (verb === DO) {
      const isWilling = option === NAWS && size !== "refused" ||
        option === TERMINAL_TYPE && types.length > 0 || option === BINARY && isBinary;
      if (option === BINARY) this.#sendsBinary = isWilling;
      this.#say(isWilling ? WILL : WONT, option);
      const { columns, rows } = this.#options;
      if (option === NAWS && size === "told") this.#sendSize(columns, rows);
      if (option === NAWS && size === "0x0") this.#sendSize(0, 0);
    } else if (verb === WILL && !this.serverUses.has(option)) {
      const agrees = agreesTo.includes(option) || option === BINARY && isBinary;
      if (agrees) this.serverUses.add(option);
      this.#say(agrees ? DO : DONT, option);
    } else if (verb === WONT && this.serverUses.delete(option)) {
      this.#say(DONT, option);
    }
  }

  #sendName(): void {
    const { types = ["XTERM-256COLOR"] } = this.#options;
    const name = types[Math.min(this.#namesGiven++, types.length - 1)];
    const bytes = new TextEncoder().encode(name);
    this.#send(Uint8Array.of(IAC, SB, TERMINAL_TYPE, 0, ...bytes, IAC, SE));
  }

  #sendSize(columns: number, rows: number): void {
    const size = [columns >> 8, columns & 255, rows >> 8, rows & 255]
      .flatMap((byte) => byte === IAC ? [IAC, IAC] : [byte]);
    this.#send(Uint8Array.of(IAC, SB, NAWS, ...size, IAC, SE));
  }

  #say(verb: number, option: number): void {
    this.#send(Uint8Array.of(IAC, verb, option));
  }
}
