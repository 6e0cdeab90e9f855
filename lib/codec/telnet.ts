/**
 * Takes the telnet protocol out of a peer's bytes (RFC 854 and 855), and answers it.
 *
 * Pure: bytes in, bytes out, answers by callback, and the same however the input is split. Every
 * connection passes through here, telnet or not, so text without telnet costs almost nothing.
 *
 * @module
 */

import type { PlacedErasure } from "./erasure.ts";
import { AYT, BRK, DO, DONT, EC, EL, EOF, IAC, IP, SB, SE, WILL, WONT } from "./telnet_code.ts";
import {
  BINARY,
  CHARSET,
  ECHO,
  NAWS,
  SUPPRESS_GO_AHEAD,
  TERMINAL_TYPE,
  TIMING_MARK,
} from "./telnet_code.ts";
import { TelnetNegotiation, type TelnetPeer } from "./telnet_negotiation.ts";
import type { OptionState } from "./telnet_option.ts";
import { TelnetParameters } from "./telnet_parameters.ts";

export type { TelnetPeer } from "./telnet_negotiation.ts";

/** The behaviour of a {@linkcode TelnetFilter}. */
export interface TelnetFilterOptions {
  /**
   * Whether peers are expected to speak telnet. If so, {@linkcode TelnetFilter.start} asks for
   * window size, terminal type and character set, and offers to suppress go-aheads, and we agree to
   * echo. If not, we only answer a peer that begins, and leave lines to it: we never echo or
   * suppress go-aheads.
   */
  readonly offers: boolean;
}

const HIS_OFFERS: readonly number[] = [NAWS, TERMINAL_TYPE, CHARSET];
const OUR_OFFERS: readonly number[] = [SUPPRESS_GO_AHEAD];
/** The options that we agree to use, and those where lines are left to the peer. */
const OURS: readonly number[] = [BINARY, SUPPRESS_GO_AHEAD, ECHO];
const OURS_FOR_LINES: readonly number[] = [BINARY];
/**
 * Most answers to one chunk of those that have no limit per connection, because people press keys
 * as often as they like: 64 KiB of AYT in one read must not cause 288 KiB of answers. Only beyond
 * this number does it matter how the input is split.
 */
const MAX_PROMPT_ANSWERS = 16;
/** RFC 854, "Are You There": something visible, on a line of its own. */
const HERE = new TextEncoder().encode("\r\n[yes]\r\n");
const MARK = Uint8Array.of(IAC, WILL, TIMING_MARK);

const NUL = 0;
const LF = 10;
const CR = 13;

// What the next byte is. WILL, WONT, DO and DONT are states too: the option follows.
const DATA = 0;
const COMMAND = 1;
const PARAMETER = 2;
const COMMAND_IN_PARAMETERS = 3;

// How the previous data byte was handled, if it was a CR.
const NO_CR = 0;
const CR_PASSED = 1;
const CR_ENDED_LINE = 2;

/** No data byte. */
const NOTHING = -1;

/** Up to this length, a loop takes less time than two calls of `indexOf`. */
const SHORT_BYTES = 128;

/** The incoming telnet protocol of one connection. */
export class TelnetFilter {
  /**
   * True where Enter may be a CR alone, in character mode and in binary: each CR becomes LF at
   * once, and an LF or NUL directly after it is dropped. False: a CR is data, and only CR NUL is
   * changed, into CR LF.
   *
   * @default {false}
   */
  bareCrEndsLine = false;

  readonly #peer: TelnetPeer;
  readonly #offers: boolean;
  readonly #negotiation: TelnetNegotiation;
  #next = DATA;
  #lastCr = NO_CR;
  #promptAnswers = 0;
  /** The erase functions in the latest chunk; `undefined` for none. */
  #erasures: PlacedErasure[] | undefined;
  #parameters: TelnetParameters | undefined;

  constructor(peer: TelnetPeer, options: TelnetFilterOptions) {
    this.#peer = peer;
    this.#offers = options.offers;
    // RFC 1123 section 3.2.2 requires everybody to accept SUPPRESS-GO-AHEAD. But PuTTY, which asks
    // for it, and telnet take it to mean "send each key", which is no use without our echo.
    this.#negotiation = new TelnetNegotiation(peer, options.offers ? OURS : OURS_FOR_LINES);
  }

  /** Offers an option on our side, or withdraws it; may be called from a callback. */
  offer(option: number, enable: boolean): void {
    this.#negotiation.offer(option, enable);
  }

  /** Asks the peer to use an option on its side, or not to; may be called from a callback. */
  request(option: number, enable: boolean): void {
    this.#negotiation.request(option, enable);
  }

  /** The state of an option on our side, or on the peer's. */
  state(option: number, side: "us" | "him"): OptionState {
    return this.#negotiation.state(option, side);
  }

  /** Sends the initial offers and requests, if there are any. */
  start(): void {
    if (this.#offers) this.#negotiation.ask(HIS_OFFERS, OUR_OFFERS);
  }

  /**
   * The data in `chunk`: the chunk itself if all of it is data, else the front of its buffer, which
   * is overwritten. Must not be called from a callback.
   */
  filter(chunk: Uint8Array): Uint8Array {
    this.#erasures = undefined;
    const isPlain = this.#next === DATA && this.#lastCr !== CR_ENDED_LINE &&
      !this.bareCrEndsLine && isText(chunk);
    if (!isPlain) return this.#filterBytes(chunk);
    if (chunk.length > 0) this.#lastCr = chunk[chunk.length - 1] === CR ? CR_PASSED : NO_CR;
    return chunk;
  }

  /**
   * The erase functions in the chunk that was filtered last (RFC 854, EC and EL). IP and BRK count
   * as EL, because they discard the line.
   */
  get erasures(): readonly PlacedErasure[] | undefined {
    return this.#erasures;
  }

  #filterBytes(chunk: Uint8Array): Uint8Array {
    this.#promptAnswers = 0;
    let length = 0;
    // Each byte in gives at most one byte out, so writing never overtakes reading.
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index];
      const isProtocol = this.#next !== DATA || byte === IAC;
      const data = isProtocol ? this.#takeProtocol(byte, length) : this.#takeData(byte);
      if (data !== NOTHING) chunk[length++] = data;
    }
    return length === chunk.length ? chunk : chunk.subarray(0, length);
  }

  /**
   * The data byte to return for one that arrived. RFC 854 has CR followed by LF (a line end) or NUL
   * (a lone CR), but clients send either for Enter (RFC 1123 section 3.3.1 requires servers to take
   * both), so both end a line.
   */
  #takeData(byte: number): number {
    const lastCr = this.#lastCr;
    this.#lastCr = NO_CR;
    if (byte === CR) {
      this.#lastCr = this.bareCrEndsLine ? CR_ENDED_LINE : CR_PASSED;
      return this.bareCrEndsLine ? LF : CR;
    }
    // Decided by what happened to that CR, because the mode may have changed in between.
    if (lastCr === CR_PASSED && byte === NUL) return LF;
    if (lastCr === CR_ENDED_LINE && (byte === LF || byte === NUL)) return NOTHING;
    return byte;
  }

  /**
   * Takes a byte of the protocol, and returns the data byte 255 if it completes a doubled one.
   *
   * @param at How many bytes of data precede it in the chunk.
   */
  #takeProtocol(byte: number, at: number): number {
    switch (this.#next) {
      case DATA:
        this.#next = COMMAND;
        return NOTHING;
      case COMMAND:
        this.#next = DATA;
        if (byte === IAC) return this.#takeData(IAC);
        this.#takeCommand(byte, at);
        return NOTHING;
      case PARAMETER:
        if (byte === IAC) this.#next = COMMAND_IN_PARAMETERS;
        else this.#parameters?.push(byte);
        return NOTHING;
      case COMMAND_IN_PARAMETERS:
        this.#takeCommandInParameters(byte, at);
        return NOTHING;
      default:
        this.#takeOption(this.#next, byte);
        return NOTHING;
    }
  }

  /** RFC 854, "TELNET command structure". The commands not named here need no action. */
  #takeCommand(command: number, at: number): void {
    switch (command) {
      case WILL:
      case WONT:
      case DO:
      case DONT:
        this.#next = command;
        break;
      case SB:
        this.#next = PARAMETER;
        this.#parameters = new TelnetParameters();
        break;
      case AYT:
        this.#answerPrompt(() => this.#sayHere());
        break;
      case EC:
        (this.#erasures ??= []).push({ what: "character", at });
        break;
      case EL:
        (this.#erasures ??= []).push({ what: "line", at });
        break;
      case IP:
      case BRK:
        (this.#erasures ??= []).push({ what: "line", at, isByInterrupt: true });
        this.#peer.interrupt?.();
        break;
    }
  }

  #takeOption(command: number, option: number): void {
    this.#next = DATA;
    if (option !== TIMING_MARK) {
      this.#negotiation.receive(command, option);
    } else if (command === DO) {
      // RFC 860: a mark is not a state to agree on, so each DO is answered. After Ctrl-C the usual
      // client shows nothing until the answer arrives. The other three commands need none.
      this.#answerPrompt(() => this.#peer.reply(MARK));
    }
  }

  #answerPrompt(answer: () => void): void {
    if (this.#promptAnswers >= MAX_PROMPT_ANSWERS) return;
    this.#promptAnswers++;
    answer();
  }

  #sayHere(): void {
    if (this.#peer.areYouThere) this.#peer.areYouThere();
    else this.#peer.reply(HERE);
  }

  /**
   * Takes the byte after IAC in a sub-negotiation, where RFC 855 allows only SE and a second IAC.
   *
   * Another command means that the SE was lost: the parameters are dropped and the command is
   * obeyed, because waiting on would swallow what the user types. A byte that is not a command
   * means a 255 that was not doubled (a window 255 columns wide).
   */
  #takeCommandInParameters(byte: number, at: number): void {
    if (byte === IAC || byte < EOF) {
      this.#next = PARAMETER;
      this.#parameters?.push(IAC);
      if (byte !== IAC) this.#parameters?.push(byte);
      return;
    }
    const bytes = this.#parameters?.bytes;
    this.#parameters = undefined;
    this.#next = DATA;
    if (byte !== SE) this.#takeCommand(byte, at);
    else if (bytes !== undefined) this.#negotiation.receiveParameters(bytes);
  }
}

/** Whether a chunk has no byte that may need attention wherever it is. */
function isText(chunk: Uint8Array): boolean {
  if (chunk.length > SHORT_BYTES) return chunk.indexOf(IAC) < 0 && chunk.indexOf(NUL) < 0;
  for (let index = 0; index < chunk.length; index++) {
    if (chunk[index] === IAC || chunk[index] === NUL) return false;
  }
  return true;
}
