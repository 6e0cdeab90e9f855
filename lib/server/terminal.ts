/**
 * The terminal at the other end of a session: what it says of itself over telnet, and whether its
 * lines are edited here or there.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import type { Clock } from "../clock.ts";
import { LineEraser } from "../codec/line_eraser.ts";
import { encodeRawText } from "../codec/raw_text.ts";
import { TelnetFilter, type TelnetPeer } from "../codec/telnet.ts";
import { ECHO, SUPPRESS_GO_AHEAD } from "../codec/telnet_code.ts";
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
  /** Where what is in the outbox goes. */
  readonly sink: ByteSink;
  readonly outbox: OutboxOptions;
  readonly clock: Clock;
  readonly maxLineBytes: number;
  /** Whether lines may be edited here: not on endpoints that speak no telnet first. */
  readonly offersTelnet: boolean;
  /** Called when lines begin to be edited here, so that keys are read as they come. */
  readonly onCharacterMode: () => void;
  /** Called where somebody leaves by a key and the service has no other plan. */
  readonly onLeave: () => void;
}

/** The telnet filter of a session and its outbox, and what stands between them and the peer. */
export class Terminal implements TelnetPeer, ByteSink {
  /** Everything that the peer is sent. */
  readonly outbox: Outbox;
  /** Called at the first of two interrupts, which is when to tell how to leave. */
  onInterrupt: (() => void) | undefined;
  /** Called when something is known anew of the terminal, or lines are edited elsewhere. */
  onChange: (() => void) | undefined;
  readonly #options: TerminalOptions;
  readonly #telnet: TelnetFilter;
  readonly #client: ClientProfile;
  readonly #interrupts: Interrupts;
  #assistant: Assistant | undefined;
  #isConcealed = false;
  /** While a line that is edited elsewhere is not to be seen. */
  #eraser: LineEraser | undefined;
  /** As the service has it; `undefined` where it has not said. */
  #isStyled: boolean | undefined;
  /** Whether go-aheads are to be suppressed; the filter offers it at the start. */
  #isGoAheadOffered = true;
  /** Whether it is over: the client is not asked for anything any more. */
  #hasLeft = false;
  #mode: CharacterMode | undefined;
  #screen: TerminalScreen | undefined;
  /** What was being typed when character mode ended. */
  #leftover: Uint8Array = NOTHING;

  /** Called when the client has said all that has to be known before it is spoken to. */
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

  /** The line being typed, as it is to be seen; `undefined` where it is edited elsewhere. */
  get view(): InputView | undefined {
    return this.#mode?.input.view;
  }

  get traits(): TerminalTraits {
    return this.#client.traits;
  }

  /** How wide its window is; `undefined` where that is not known and need not be. */
  get columns(): number | undefined {
    return this.#mode ? this.#client.size.columns : this.#client.columns;
  }

  /** Help of the service for whoever types its lines. */
  set assistant(assistant: Assistant | undefined) {
    this.#assistant = assistant;
    if (this.#mode) this.#mode.input.assistant = assistant;
    this.refresh();
  }

  /** Whether lines are to be edited by the client even if it would have them edited here. */
  set wantsLines(wantsLines: boolean) {
    this.#client.wantsLines = wantsLines;
    this.#settle();
  }

  /**
   * Whether what is typed is not to be seen, for a password. In line mode that takes a telnet client
   * that knows ECHO; others go on showing it.
   */
  set isConcealed(isConcealed: boolean) {
    this.#isConcealed = isConcealed;
    this.#conceal();
    if (this.#mode) this.#mode.input.isConcealed = isConcealed;
    this.refresh();
    this.#settle();
  }

  /** Whether what the terminal is shown may stand out by more than its place. */
  set isStyled(isStyled: boolean) {
    this.#isStyled = isStyled;
    this.#mode?.setStyled(isStyled);
  }

  /** Draws the line being typed again, after something changed of which it shows a part. */
  refresh(): void {
    this.#screen?.update();
  }

  /**
   * Opens telnet negotiation; resolves once all is known that should be known of the client before
   * it is spoken to.
   */
  introduce(): Promise<void> {
    return new Promise((resolve) => {
      this.#onIntroduced = resolve;
      this.#telnet.start();
    });
  }

  /** Takes what the client sent; returns the lines in it, or the parts of lines. */
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

  /** Takes the line being typed off the screen for good: only last words are to come. */
  leave(): void {
    this.#hasLeft = true;
    this.#end();
  }

  /** Lets go of everything, for a peer that is gone. */
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
    // Later, when the timing mark that a client sends along has been answered: until then the
    // client throws away what it is sent.
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

  /** Begins or ends to take back what is taken back of a line that is not to be seen. */
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
   * Sees to it that the client echoes, or that we do, by what is known of it. ECHO is offered only
   * once all else is settled: some clients hide what is typed as soon as they hear of it.
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
   * Has go-aheads suppressed for those only whose lines may be edited here: telnet and PuTTY take
   * it for "send each key", whether we echo or not.
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

  /** Hands the sink over to the screen, once nothing is under way to it. */
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
