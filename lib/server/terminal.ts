/**
 * The terminal at the other end of a session: what it tells about itself by telnet, and whether its
 * lines are edited here or there.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import type { Clock } from "../clock.ts";
import { LineEraser } from "../codec/line_eraser.ts";
import { encodeRawText } from "../codec/raw_text.ts";
import { TelnetFilter, type TelnetPeer } from "../codec/telnet.ts";
import { ECHO, SUPPRESS_GO_AHEAD, TERMINAL_TYPE } from "../codec/telnet_code.ts";
import type { TerminalTraits } from "../codec/terminal_type.ts";
import type { Assistant } from "../editor/assistant.ts";
import type { InputView } from "../editor/input_line.ts";
import { CharacterMode } from "./character_mode.ts";
import { ClientProfile } from "./client_profile.ts";
import { Interrupts } from "./interrupts.ts";
import { type ByteSink, Outbox, type OutboxOptions } from "./outbox.ts";
import { TerminalScreen } from "./terminal_screen.ts";

export type { Assistant, Candidate, Completion } from "../editor/assistant.ts";

const HERE_IN_LINE_MODE = "\r\n[yes]\r\n";
const HERE = "[yes]\r\n";
const NOTHING = new Uint8Array();
const encoder = new TextEncoder();

export interface TerminalOptions {
  /** Where the outbox is written to. */
  readonly sink: ByteSink;
  readonly outbox: OutboxOptions;
  readonly clock: Clock;
  readonly maxLineBytes: number;
  /** Whether lines may be edited here: only on endpoints that open telnet negotiation. */
  readonly offersTelnet: boolean;
  /** Called when character mode begins, so that keys are read as they arrive. */
  readonly onCharacterMode: () => void;
  /** Called when the user leaves by a key and the service has no assistant. */
  readonly onLeave: () => void;
}

/** Owns the telnet filter and the outbox of a session, and stands between them and the peer. */
export class Terminal implements TelnetPeer, ByteSink {
  /** Everything that is sent to the peer. */
  readonly outbox: Outbox;
  /** Called at the first of two interrupts, to say how to leave. */
  onInterrupt: (() => void) | undefined;
  /** Called when more is known about the terminal, or character mode begins or ends. */
  onChange: (() => void) | undefined;
  readonly #options: TerminalOptions;
  readonly #telnet: TelnetFilter;
  readonly #client: ClientProfile;
  readonly #interrupts: Interrupts;
  #assistant: Assistant | undefined;
  #isConcealed = false;
  /** Used while the client edits a line that must not be shown. */
  #eraser: LineEraser | undefined;
  /** Set by the service; `undefined` until then. */
  #isStyled: boolean | undefined;
  /** Whether suppressing go-aheads is offered, which the filter does at the start. */
  #isGoAheadOffered = true;
  /** Whether the session is ending: the client is asked for nothing more. */
  #hasLeft = false;
  #mode: CharacterMode | undefined;
  #screen: TerminalScreen | undefined;
  /** The unfinished line when character mode ended. */
  #leftover: Uint8Array = NOTHING;

  /** Called when enough is known about the client to greet it. */
  #onIntroduced: (() => void) | undefined;

  constructor(options: TerminalOptions) {
    this.#options = options;
    this.outbox = new Outbox(this, options.outbox);
    this.#telnet = new TelnetFilter(this, { offers: options.offersTelnet });
    this.#client = new ClientProfile((option, side) => this.#telnet.state(option, side));
    this.#interrupts = new Interrupts(options.clock);
  }

  /** Whether the line being typed is edited here. */
  get isEditing(): boolean {
    return this.#mode !== undefined;
  }

  /** The line being typed, as it is shown; `undefined` if the client edits it. */
  get view(): InputView | undefined {
    return this.#mode?.input.view;
  }

  /** Whether the client has accepted an option, so that it knows telnet. */
  get knowsTelnet(): boolean {
    return this.#telnet.state(SUPPRESS_GO_AHEAD, "us") === "YES" ||
      this.#telnet.state(TERMINAL_TYPE, "him") === "YES";
  }

  get traits(): TerminalTraits {
    return this.#client.traits;
  }

  /** The width of its window; `undefined` if it is unknown and not needed. */
  get columns(): number | undefined {
    return this.#mode ? this.#client.size.columns : this.#client.columns;
  }

  /** The service's help for typing, such as completion. */
  set assistant(assistant: Assistant | undefined) {
    this.#assistant = assistant;
    if (this.#mode) this.#mode.input.assistant = assistant;
    this.refresh();
  }

  /** Makes the client edit lines even if it would let us. */
  set wantsLines(wantsLines: boolean) {
    this.#client.wantsLines = wantsLines;
    this.#settle();
  }

  /**
   * Hides what is typed, for a password. In line mode only telnet clients that know ECHO do; others
   * show it.
   */
  set isConcealed(isConcealed: boolean) {
    this.#isConcealed = isConcealed;
    this.#conceal();
    if (this.#mode) this.#mode.input.isConcealed = isConcealed;
    this.refresh();
    this.#settle();
  }

  /** Sets whether the prompt may be styled. */
  set isStyled(isStyled: boolean) {
    this.#isStyled = isStyled;
    this.#mode?.setStyled(isStyled);
  }

  /** Redraws the line being typed, after something that it shows has changed. */
  refresh(): void {
    this.#screen?.update();
  }

  /** Opens telnet negotiation; resolves once enough is known about the client to greet it. */
  introduce(): Promise<void> {
    return new Promise((resolve) => {
      this.#onIntroduced = resolve;
      this.#telnet.start();
    });
  }

  /** Takes bytes from the client; returns the lines, or parts of lines, in them. */
  feed(chunk: Uint8Array): Uint8Array {
    const data = this.#telnet.filter(chunk);
    if (this.#mode) return this.#mode.feed(data);
    if (data.length > 0) this.#interrupts.forget();
    const all = this.#leftover.length === 0 ? data : concat([this.#leftover, data]);
    this.#leftover = NOTHING;
    return this.#eraser ? this.#eraser.feed(all) : all;
  }

  /** Part of {@linkcode ByteSink}, for the outbox. */
  write(bytes: Uint8Array): Promise<number> {
    return this.#screen?.isOpen ? this.#screen.write(bytes) : this.#options.sink.write(bytes);
  }

  /** Removes the line being typed from the screen for good; only the farewell follows. */
  leave(): void {
    this.#hasLeft = true;
    this.#end();
  }

  /** Stops drawing, for a peer that is gone. */
  close(): void {
    this.#screen?.close();
  }

  reply(bytes: Uint8Array): void {
    this.outbox.push(bytes);
  }

  areYouThere(): void {
    this.reply(encoder.encode(this.#mode ? HERE : HERE_IN_LINE_MODE));
  }

  windowSize(columns: number, rows: number): void {
    this.#client.noteSize({ columns, rows });
    if (this.#mode) this.#mode.resize(this.#client.size);
    else this.#settle();
    this.onChange?.();
  }

  terminalType(name: string): void {
    this.#client.noteType(name);
    this.#settle();
    this.onChange?.();
  }

  terminalTypesEnd(): void {
    this.#client.noteAllTypes();
    this.#settle();
  }

  optionChanged(option: number): void {
    if (option === ECHO) {
      const state = this.#telnet.state(ECHO, "us");
      // It is not asked twice, but may change its mind.
      if (state === "YES") this.#client.hasRefused = false;
      else if (state === "NO" && this.#isEchoWanted) this.#client.hasRefused = true;
    }
    this.#settle();
  }

  interrupt(): void {
    // Later, after the timing mark that the client sends along has been answered: until then the
    // client discards its input.
    queueMicrotask(() => this.#interrupted());
  }

  #interrupted(): void {
    const isEmpty = this.#mode?.input.isEmpty ?? true;
    this.#mode?.input.clear();
    this.refresh();
    if (!isEmpty) return;
    if (this.#interrupts.isSecond()) this.#goodbye();
    else this.onInterrupt?.();
  }

  #goodbye(): void {
    if (this.#assistant) this.#assistant.leave();
    else this.#options.onLeave();
  }

  /** Turns the eraser on or off. */
  #conceal(): void {
    const { offersTelnet, maxLineBytes } = this.#options;
    const isErasing = offersTelnet && this.#isConcealed && !this.#mode;
    if (isErasing === (this.#eraser !== undefined)) return;
    if (this.#eraser) this.#leftover = concat([this.#leftover, this.#eraser.end()]);
    this.#eraser = isErasing ? new LineEraser(maxLineBytes) : undefined;
  }

  get #isEchoWanted(): boolean {
    return this.#options.offersTelnet &&
      (this.#isConcealed || this.#client.suitsCharacterMode === true);
  }

  /**
   * Decides who echoes, by what is known about the client. ECHO is offered last, because some
   * clients hide what is typed as soon as they hear of it.
   */
  #settle(): void {
    if (this.#hasLeft) return;
    this.#offerGoAhead();
    const suits = this.#options.offersTelnet && this.#client.suitsCharacterMode;
    if (this.#isEchoWanted && !this.#client.hasRefused) this.#telnet.offer(ECHO, true);
    else if (suits === false) this.#telnet.offer(ECHO, false);
    const isOn = suits === true && this.#telnet.state(ECHO, "us") === "YES";
    if (isOn && !this.#mode) this.#begin();
    if (!isOn && suits !== undefined && this.#mode) this.#end();
    if (isOn || suits === false) this.#onIntroduced?.();
  }

  /**
   * Suppresses go-aheads only for clients whose lines may be edited here: telnet and PuTTY take it
   * for "send each key", whether we echo or not.
   */
  #offerGoAhead(): void {
    const { keepsLines } = this.#client;
    if (!this.#options.offersTelnet || this.#isGoAheadOffered === !keepsLines) return;
    this.#isGoAheadOffered = !keepsLines;
    this.#telnet.offer(SUPPRESS_GO_AHEAD, !keepsLines);
  }

  #begin(): void {
    const { clock, sink, maxLineBytes, onCharacterMode } = this.#options;
    const screen = this.#screen ??= new TerminalScreen({
      sink,
      clock,
      view: () => this.#mode!.input.view,
    });
    const mode = this.#mode = new CharacterMode({
      outbox: this.outbox,
      clock,
      screen,
      size: this.#client.size,
      isAnsi: this.traits.isAnsi,
      maxLineBytes,
      assistant: this.#assistant,
      onInterrupt: () => this.#interrupted(),
      onLeave: () => this.#goodbye(),
      onKey: () => this.#interrupts.forget(),
    });
    mode.input.isConcealed = this.#isConcealed;
    this.#conceal();
    mode.setStyled(this.#isStyled ?? this.traits.hasColour);
    this.#telnet.bareCrEndsLine = true;
    onCharacterMode();
    if (screen.isOpen) mode.begin();
    else this.#openScreen(screen);
    this.onChange?.();
  }

  /** Hands the sink over to the screen once no write is under way. */
  async #openScreen(screen: TerminalScreen): Promise<void> {
    while (await this.outbox.drained()) {
      if (this.outbox.queuedBytes > 0) continue;
      this.#mode?.begin();
      screen.open();
      return;
    }
  }

  #end(): void {
    if (!this.#mode) return;
    this.#leftover = encodeRawText(this.#mode.end());
    this.#mode = undefined;
    this.#conceal();
    this.#telnet.bareCrEndsLine = false;
    this.onChange?.();
  }
}
