/**
 * Negotiation of telnet options: which ones we agree to, and their sub-negotiations.
 *
 * It sees whole commands and sub-negotiations, never a byte stream. Its only caller is `telnet.ts`.
 *
 * @module
 */

import * as code from "./telnet_code.ts";
import { OptionSide, type OptionState } from "./telnet_option.ts";

/** The owner of a telnet filter. The filter calls it synchronously. */
export interface TelnetPeer {
  /** Bytes to send to the peer. They may be kept, and must not be changed. */
  reply(bytes: Uint8Array): void;
  /** The size of the peer's window (RFC 1073), as sent; 0 if the peer does not know. */
  windowSize?(columns: number, rows: number): void;
  /** A name of the peer's terminal (RFC 1091): each once, the preferred one first, at most 8. */
  terminalType?(name: string): void;
  /** The peer's terminal has no more names. */
  terminalTypesEnd?(): void;
  /**
   * The character set that both sides agreed on (RFC 2066). Reported once, because there is only
   * one.
   */
  charset?(name: string): void;
  /** The peer's user pressed the interrupt or break key (RFC 854, IP and BRK). */
  interrupt?(): void;
  /**
   * The peer's user asks for a sign of life (RFC 854, AYT). Without this method, a default one is
   * sent.
   */
  areYouThere?(): void;
  /** The peer has changed the state of an option. */
  optionChanged?(option: number): void;
}

/** The options that the peer may use if it offers them. */
const HIS: readonly number[] = [
  code.BINARY,
  code.SUPPRESS_GO_AHEAD,
  code.NAWS,
  code.TERMINAL_TYPE,
  code.CHARSET,
];

/**
 * Answers that a connection gets in its life, then silence. Honest clients need fewer than twenty;
 * RFC 1143 prevents loops between two peers that follow it, and this ends all others.
 */
const MAX_ANSWERS = 100;
/** A list of names ends when one repeats; this is for peers that never repeat one. */
const MAX_TERMINAL_TYPES = 8;
/** Printable ASCII, no longer than "Assigned Numbers" (RFC 1700) allows. */
const TERMINAL_TYPE_NAME = /^[ -~]{1,40}$/;
/** RFC 2066 section 2 writes the mark both ways. One version octet follows, then the list. */
const TRANSLATION_TABLE = /^\[TTABLE ?\][^]/i;
const OUR_CHARSET = "UTF-8";

/** The options of one connection. */
export class TelnetNegotiation {
  readonly #peer: TelnetPeer;
  readonly #ours: readonly number[];
  #answers = 0;
  /**
   * The sides of options that have ever left the state NO. Most peers have none, and need no memory
   * for them.
   */
  #sides: Map<number, OptionSide> | undefined;
  #terminalTypes: string[] | undefined;
  #awaitsTerminalType = false;
  #toldCharset = false;

  /** @param ours The options that we use if the peer asks for them. */
  constructor(peer: TelnetPeer, ours: readonly number[]) {
    this.#peer = peer;
    this.#ours = ours;
  }

  /**
   * Asks the peer to enable options on its side, and offers some on ours. Does not repeat itself.
   */
  ask(his: readonly number[], ours: readonly number[]): void {
    const request: number[] = [];
    const add = (command: number | undefined, option: number) => {
      if (command !== undefined) request.push(code.IAC, command, option);
    };
    for (const option of his) add(this.#request(option, "him", true), option);
    for (const option of ours) add(this.#request(option, "us", true), option);
    // These are not answers and do not count as such.
    if (request.length > 0) this.#peer.reply(Uint8Array.from(request));
  }

  /** Offers an option on our side, or withdraws it. Counts as an answer, because one causes it. */
  offer(option: number, enable: boolean): void {
    const command = this.#request(option, "us", enable);
    if (command !== undefined) this.#answer(code.IAC, command, option);
  }

  /** Asks the peer to use an option on its side, or not to. Counts as an answer, like an offer. */
  request(option: number, enable: boolean): void {
    const command = this.#request(option, "him", enable);
    if (command !== undefined) this.#answer(code.IAC, command, option);
  }

  /** The state of an option on our side, or on the peer's. */
  state(option: number, side: "us" | "him"): OptionState {
    return this.#sides?.get(keyOf(option, side))?.state ?? "NO";
  }

  /** Takes WILL, WONT, DO or DONT (RFC 1143 section 7). */
  receive(command: number, option: number): void {
    const isOurs = command === code.DO || command === code.DONT;
    const enable = command === code.DO || command === code.WILL;
    const side = this.#side(option, isOurs ? "us" : "him");
    const before = side.state;
    const answer = side.receive(enable, (isOurs ? this.#ours : HIS).includes(option));
    if (answer !== undefined) this.#answer(code.IAC, answer, option);
    this.#remember(option, side);
    if (!isOurs && before !== "YES" && side.state === "YES") this.#begin(option);
    if (side.state !== before) this.#peer.optionChanged?.(option);
  }

  /** Takes the bytes between IAC SB and IAC SE, beginning with the option's number (RFC 855). */
  receiveParameters(bytes: Uint8Array): void {
    const option = bytes[0];
    // RFC 855, "A Note on Subnegotiation": it is only for options that both sides have agreed on.
    if (this.state(option, "him") !== "YES") return;
    if (option === code.NAWS) this.#receiveWindowSize(bytes);
    if (option === code.TERMINAL_TYPE) this.#receiveTerminalType(bytes);
    if (option === code.CHARSET) this.#receiveCharset(bytes);
  }

  #side(option: number, side: "us" | "him"): OptionSide {
    return this.#sides?.get(keyOf(option, side)) ?? new OptionSide(side);
  }

  #request(option: number, side: "us" | "him", enable: boolean): number | undefined {
    const optionSide = this.#side(option, side);
    const command = optionSide.request(enable);
    this.#remember(option, optionSide);
    return command;
  }

  /** @param side One that may have changed. */
  #remember(option: number, side: OptionSide): void {
    if (side.state !== "NO") (this.#sides ??= new Map()).set(keyOf(option, side.side), side);
  }

  #answer(...bytes: number[]): void {
    if (this.#answers >= MAX_ANSWERS) return;
    this.#answers++;
    this.#peer.reply(Uint8Array.from(bytes));
  }

  #answerParameters(option: number, command: number, text = ""): void {
    const bytes = [...text].map((character) => character.charCodeAt(0));
    this.#answer(code.IAC, code.SB, option, command, ...bytes, code.IAC, code.SE);
  }

  /** Begins the sub-negotiation of an option that the peer has just enabled. */
  #begin(option: number): void {
    if (option === code.TERMINAL_TYPE) this.#askTerminalType();
    // RFC 2066 section 2 leaves the REQUEST to the side that said WILL. Servers and clients in use
    // (TinTin++ among them) do as we do: the server asks for WILL, then makes the REQUEST itself.
    if (option === code.CHARSET) {
      this.#answerParameters(code.CHARSET, code.CHARSET_REQUEST, `;${OUR_CHARSET}`);
    }
  }

  /** RFC 1073 section 2: columns and rows, two bytes each. */
  #receiveWindowSize(bytes: Uint8Array): void {
    if (bytes.length !== 5) return;
    this.#peer.windowSize?.(bytes[1] << 8 | bytes[2], bytes[3] << 8 | bytes[4]);
  }

  #askTerminalType(): void {
    if (this.#terminalTypes?.length === MAX_TERMINAL_TYPES) {
      this.#peer.terminalTypesEnd?.();
      return;
    }
    this.#awaitsTerminalType = true;
    this.#answerParameters(code.TERMINAL_TYPE, code.TERMINAL_TYPE_SEND);
  }

  /** RFC 1091: each SEND gets the next name, and at the end of the list the last one again. */
  #receiveTerminalType(bytes: Uint8Array): void {
    if (bytes[1] !== code.TERMINAL_TYPE_IS || !this.#awaitsTerminalType) return;
    this.#awaitsTerminalType = false;
    const name = String.fromCharCode(...bytes.subarray(2));
    const names = this.#terminalTypes ??= [];
    // RFC 1091: names are case-insensitive.
    const isKnown = names.some((known) => known.toLowerCase() === name.toLowerCase());
    if (isKnown || !TERMINAL_TYPE_NAME.test(name)) {
      this.#peer.terminalTypesEnd?.();
      return;
    }
    names.push(name);
    this.#peer.terminalType?.(name);
    this.#askTerminalType();
  }

  /**
   * RFC 2066 section 2. If both sides' requests cross, section 5 has the server refuse; we accept,
   * because there is only one character set that either request can end in.
   */
  #receiveCharset(bytes: Uint8Array): void {
    const text = String.fromCharCode(...bytes.subarray(2));
    if (bytes[1] === code.CHARSET_ACCEPTED && isOurCharset(text)) this.#agreeOnCharset();
    if (bytes[1] !== code.CHARSET_REQUEST) return;
    const list = text.replace(TRANSLATION_TABLE, "");
    // The first character of the list is the separator.
    if (list.slice(1).split(list.charAt(0)).some(isOurCharset)) {
      this.#answerParameters(code.CHARSET, code.CHARSET_ACCEPTED, OUR_CHARSET);
      this.#agreeOnCharset();
    } else {
      this.#answerParameters(code.CHARSET, code.CHARSET_REJECTED);
    }
  }

  #agreeOnCharset(): void {
    if (this.#toldCharset) return;
    this.#toldCharset = true;
    this.#peer.charset?.(OUR_CHARSET);
  }
}

/** RFC 2066 section 2: case is not significant. */
function isOurCharset(name: string): boolean {
  return name.toUpperCase() === OUR_CHARSET;
}

function keyOf(option: number, side: "us" | "him"): number {
  return side === "us" ? option : ~option;
}
