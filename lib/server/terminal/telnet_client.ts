/**
 * The telnet client at the other end: negotiates with it, and decides who echoes and who edits
 * lines.
 *
 * @module
 */

import type { PlacedErasure } from "../../codec/erasure.ts";
import { TelnetFilter, type TelnetPeer } from "../../codec/telnet.ts";
import { BINARY, ECHO, SUPPRESS_GO_AHEAD, TERMINAL_TYPE } from "../../codec/telnet_code.ts";
import type { TerminalTraits } from "../../codec/terminal_type.ts";
import { ClientProfile, type WindowSize } from "./client_profile.ts";
import type { TerminalClient, TerminalOwner } from "./terminal_client.ts";

export class TelnetClient implements TerminalClient, TelnetPeer {
  readonly #owner: TerminalOwner;
  readonly #offersTelnet: boolean;
  readonly #telnet: TelnetFilter;
  readonly #profile: ClientProfile;
  #isConcealed = false;
  /** Whether binary transmission has been asked for; it is not asked for twice. */
  #asksForBinary = false;
  /** Whether the window's size has changed in the chunk that is being filtered. */
  #isSizeNew = false;
  /** Whether suppressing go-aheads is offered, which the filter does at the start. */
  #isGoAheadOffered = true;
  /** Whether the session is ending: the client is asked for nothing more. */
  #hasLeft = false;
  /** Called when enough is known about the client to greet it. */
  #onIntroduced: (() => void) | undefined;
  /** Called when the client has said who echoes. */
  #onEchoSettled: (() => void) | undefined;

  /** @param offersTelnet Whether to open negotiation; without it, the client edits lines. */
  constructor(owner: TerminalOwner, offersTelnet: boolean) {
    this.#owner = owner;
    this.#offersTelnet = offersTelnet;
    this.#telnet = new TelnetFilter(this, { offers: offersTelnet });
    this.#profile = new ClientProfile(this.#telnet);
  }

  /** Whether the client has accepted an option, so that it knows telnet. */
  get knowsTelnet(): boolean {
    return this.#telnet.state(SUPPRESS_GO_AHEAD, "us") === "YES" ||
      this.#telnet.state(TERMINAL_TYPE, "him") === "YES";
  }

  get traits(): TerminalTraits {
    return this.#profile.traits;
  }

  /** The size of its window, or the usual one if the client's is not plausible. */
  get size(): WindowSize {
    return this.#profile.size;
  }

  /** The width of its window if the client gave a plausible one. */
  get columns(): number | undefined {
    return this.#profile.columns;
  }

  /** Makes the client edit lines even if it would let us. */
  set wantsLines(wantsLines: boolean) {
    this.#profile.wantsLines = wantsLines;
    this.#settle();
  }

  /** Sets whether typed text must stay hidden. */
  set isConcealed(isConcealed: boolean) {
    this.#isConcealed = isConcealed;
    this.#settle();
  }

  /**
   * Whether the client leaves it to us to show what is typed; `undefined` until it has answered.
   */
  get letsUsEcho(): boolean | undefined {
    const state = this.#telnet.state(ECHO, "us");
    return state === "YES" ? true : state === "NO" ? false : undefined;
  }

  /** Resolves the next time that the client says who echoes. */
  echoSettled(): Promise<void> {
    return new Promise((resolve) => this.#onEchoSettled = resolve);
  }

  /**
   * Whether what the client sends is binary because we asked for it. Then Enter is a CR or an LF
   * alone, and only the cursor's row changes on its screen.
   */
  get isBinary(): boolean {
    return this.#asksForBinary && this.#telnet.state(BINARY, "him") === "YES";
  }

  /** As {@linkcode TelnetFilter.bareCrEndsLine}. */
  set bareCrEndsLine(bareCrEndsLine: boolean) {
    this.#telnet.bareCrEndsLine = bareCrEndsLine;
  }

  /** Opens negotiation; resolves once enough is known about the client to greet it. */
  introduce(): Promise<void> {
    return new Promise((resolve) => {
      this.#onIntroduced = resolve;
      this.#telnet.start();
    });
  }

  /** As {@linkcode TelnetFilter.filter}. */
  filter(chunk: Uint8Array): Uint8Array {
    const data = this.#telnet.filter(chunk);
    // Once for the chunk: every new size draws the line being typed again.
    if (this.#isSizeNew) this.#noteNewSize();
    return data;
  }

  /** As {@linkcode TelnetFilter.erasures}. */
  get erasures(): readonly PlacedErasure[] | undefined {
    return this.#telnet.erasures;
  }

  /** Asks the client for nothing more. */
  leave(): void {
    this.#hasLeft = true;
  }

  reply(bytes: Uint8Array): void {
    this.#owner.reply(bytes);
  }

  areYouThere(): void {
    this.#owner.areYouThere();
  }

  interrupt(): void {
    // Later, after the timing mark that the client sends along has been answered: until then the
    // client discards its input.
    queueMicrotask(() => this.#owner.interrupted());
  }

  windowSize(columns: number, rows: number): void {
    this.#profile.noteSize({ columns, rows });
    this.#isSizeNew = true;
  }

  terminalType(name: string): void {
    this.#profile.noteType(name);
    this.#settle();
    this.#owner.changed();
  }

  terminalTypesEnd(): void {
    this.#profile.noteAllTypes();
    this.#settle();
  }

  optionChanged(option: number): void {
    if (option === ECHO) {
      const state = this.#telnet.state(ECHO, "us");
      // It is not asked twice, but may change its mind.
      if (state === "YES") this.#profile.hasRefused = false;
      else if (state === "NO" && this.#isEchoWanted) this.#profile.hasRefused = true;
    }
    this.#settle();
    if (option === ECHO) this.#onEchoSettled?.();
  }

  #noteNewSize(): void {
    this.#isSizeNew = false;
    if (this.#owner.isEditing) this.#owner.resized(this.#profile.size);
    else this.#settle();
    this.#owner.changed();
  }

  get #isEchoWanted(): boolean {
    return this.#offersTelnet && (this.#isConcealed || this.#profile.suitsCharacterMode === true);
  }

  /**
   * Decides who echoes, from what is known about the client. ECHO is offered last, because some
   * clients hide typed text as soon as they hear of it.
   */
  #settle(): void {
    if (this.#hasLeft) return;
    this.#offerGoAhead();
    const suits = this.#offersTelnet && this.#profile.suitsCharacterMode;
    if (this.#isEchoWanted && !this.#profile.hasRefused) this.#telnet.offer(ECHO, true);
    else if (suits === false) this.#telnet.offer(ECHO, false);
    const isOn = suits === true && this.#telnet.state(ECHO, "us") === "YES";
    if (suits !== undefined) this.#owner.setCharacterMode(isOn);
    if (isOn) this.#makeBinary();
    if (isOn || suits === false) {
      this.#onIntroduced?.();
      this.#onIntroduced = undefined;
    }
  }

  /**
   * Makes both directions binary (RFC 856) for a client that sends its keys one by one. Otherwise
   * telnet takes every byte 0x9D, which is part of many letters, for its escape key 0x1D, because it
   * ignores the high bit. It stays binary when the client goes on to edit lines itself.
   */
  #makeBinary(): void {
    if (this.#asksForBinary) return;
    this.#asksForBinary = true;
    this.#telnet.offer(BINARY, true);
    this.#telnet.request(BINARY, true);
  }

  /**
   * Suppresses go-aheads only for clients whose lines may be edited here: telnet and PuTTY take it
   * for "send each key", whether we echo or not.
   */
  #offerGoAhead(): void {
    const { keepsLines } = this.#profile;
    if (!this.#offersTelnet || this.#isGoAheadOffered === !keepsLines) return;
    this.#isGoAheadOffered = !keepsLines;
    this.#telnet.offer(SUPPRESS_GO_AHEAD, !keepsLines);
  }
}
