/**
 * The terminal at the other end of a session, whose lines are edited here (`line_editing.ts`) or
 * there (`line_mode.ts`).
 *
 * @module
 */

import { type Clock, waitFor } from "../../clock.ts";
import { type Erasure, erasuresAsKeys } from "../../codec/erasure.ts";
import { encodeRawText } from "../../codec/raw_text.ts";
import type { TerminalTraits } from "../../codec/terminal_type.ts";
import { ERASE_ALL } from "../../editor/ansi.ts";
import type { Assistant } from "../../editor/assistant.ts";
import type { InputLine, InputView } from "../../editor/input_line.ts";
import type { RemoteTerminal } from "../../transport/connection.ts";
import type { DoorTraffic } from "../door_traffic.ts";
import { type ByteSink, Outbox, type OutboxOptions } from "../output/outbox.ts";
import type { WindowSize } from "./client_profile.ts";
import { Interrupts } from "./interrupts.ts";
import { LineEditing } from "./line_editing.ts";
import { LineMode } from "./line_mode.ts";
import { PtyClient } from "./pty_client.ts";
import { TelnetClient } from "./telnet_client.ts";
import type { TerminalClient, TerminalOwner } from "./terminal_client.ts";

export type { Assistant, Candidate, Completion, QuotedBlock } from "../../editor/assistant.ts";

const HERE_IN_LINE_MODE = "\r\n[yes]\r\n";
const HERE = "[yes]\r\n";
const LF = 0x0a;
const CARRIAGE_RETURN = Uint8Array.of(0x0d);
/** How long a client may take to say that it hides what is typed. */
const ECHO_DELAY_MS = 500;
const encoder = new TextEncoder();

/** The session, as its terminal sees it. */
export interface TerminalUser {
  /** Where the outbox is written to. */
  readonly sink: ByteSink;
  /** The terminal as the transport describes it; absent if telnet has to. */
  readonly remote?: RemoteTerminal;
  /** Called when character mode begins, so that keys are read as they arrive. */
  startKeys(): void;
  /** Called to erase the end of an unfinished line that {@linkcode Terminal.feed} has returned. */
  erase(what: Erasure): void;
  /** Called when the user leaves by a key and the service has no assistant. */
  end(): void;
}

export interface TerminalOptions {
  readonly outbox: OutboxOptions;
  /** Counts what is sent. @default {nobody wants to know} */
  readonly traffic?: DoorTraffic;
  readonly clock: Clock;
  readonly maxLineBytes: number;
  /** Whether telnet negotiation is opened, so that lines may be edited here. */
  readonly offersTelnet: boolean;
}

/** Owns the client and the outbox of a session, and stands between them and the service. */
export class Terminal implements TerminalOwner {
  /** Everything that is sent to the peer. */
  readonly outbox: Outbox;
  /** Called at the first of two interrupts, to say how to leave. */
  onInterrupt: (() => void) | undefined;
  /** Called instead of that while typed text is hidden. */
  onCancel: (() => void) | undefined;
  /** Called when more is known about the terminal, or character mode begins or ends. */
  onChange: (() => void) | undefined;
  readonly #user: TerminalUser;
  readonly #options: TerminalOptions;
  readonly #client: TerminalClient;
  // The parts that most sessions never need are created with their first use.
  #interrupts: Interrupts | undefined;
  #lineMode: LineMode | undefined;
  #editing: LineEditing | undefined;
  #assistant: Assistant | undefined;
  #createAssistant: (() => Assistant) | undefined;
  #isConcealed = false;
  /** Set by the service; `undefined` until then. */
  #isStyled: boolean | undefined;

  constructor(user: TerminalUser, options: TerminalOptions) {
    this.#user = user;
    this.#options = options;
    this.outbox = new Outbox(user.sink, options.outbox, options.traffic);
    this.#client = user.remote
      ? new PtyClient(this, user.remote)
      : new TelnetClient(this, options.offersTelnet);
  }

  /** Whether the line being typed is edited here. */
  get isEditing(): boolean {
    return this.#input !== undefined;
  }

  /** The line being typed, as it is shown; `undefined` if the client edits it. */
  get view(): InputView | undefined {
    return this.#input?.view;
  }

  /** Whether the client has accepted an option, so that it knows telnet. */
  get knowsTelnet(): boolean {
    return this.#client.knowsTelnet;
  }

  get traits(): TerminalTraits {
    return this.#client.traits;
  }

  /** The width of its window; `undefined` if the client edits its own lines and did not give it. */
  get columns(): number | undefined {
    return this.isEditing ? this.#client.size.columns : this.#client.columns;
  }

  /** The height of its window; `undefined` unless lines are edited here. */
  get rows(): number | undefined {
    return this.isEditing ? this.#client.size.rows : undefined;
  }

  /** How many rows a page can have; `undefined` where none can be shown. */
  get pageRows(): number | undefined {
    return this.#editing?.pageRows;
  }

  /**
   * Shows rows and the line being typed alone, while output waits in the outbox; `undefined` goes on
   * with the output.
   *
   * @returns Whether everything from before can be seen again, once the output goes on.
   */
  showPage(rows: readonly string[] | undefined): boolean {
    this.#editing?.showPage(rows);
    this.refresh();
    return this.traits.hasTwoScreens;
  }

  /** Whether output waits for a page that is being read. */
  get isHolding(): boolean {
    return this.#editing?.isHolding ?? false;
  }

  /** Has the service's help for typing, such as completion, created once it is needed. */
  assistWith(create: () => Assistant): void {
    this.#createAssistant = create;
    if (this.#input) this.#input.assistant = this.#help;
    this.refresh();
  }

  /** The line being typed, if it is edited here. */
  get #input(): InputLine | undefined {
    return this.#editing?.input;
  }

  get #help(): Assistant | undefined {
    return this.#assistant ??= this.#createAssistant?.();
  }

  /** Makes the client edit lines even if it would let us. */
  set wantsLines(wantsLines: boolean) {
    this.#client.wantsLines = wantsLines;
  }

  /**
   * Hides typed text, for a password. In line mode only telnet clients that know ECHO do; others
   * show it.
   */
  set isConcealed(isConcealed: boolean) {
    // The rest of a password is part of no other line.
    if (this.#isConcealed && !isConcealed) this.#lineMode?.drop();
    this.#isConcealed = isConcealed;
    this.#conceal();
    if (this.#input) this.#input.isConcealed = isConcealed;
    this.refresh();
    this.#client.isConcealed = isConcealed;
  }

  /** Whether typed text really is hidden; `undefined` until the client has said so. */
  get hidesTyping(): boolean | undefined {
    if (!this.#isConcealed || !this.#maySeeKeys) return false;
    return this.isEditing || this.#client.letsUsEcho;
  }

  /** Hides typed text, and resolves to whether it really is hidden. */
  async conceal(): Promise<boolean> {
    this.isConcealed = true;
    if (this.hidesTyping === undefined) {
      await waitFor(this.#client.echoSettled(), this.#options.clock, ECHO_DELAY_MS);
    }
    return this.hidesTyping === true;
  }

  /** Sets whether the prompt may be styled. */
  set isStyled(isStyled: boolean) {
    this.#isStyled = isStyled;
    this.#editing?.setStyled(isStyled);
  }

  /** Redraws the line being typed, after something that it shows has changed. */
  refresh(): void {
    this.#editing?.refresh();
  }

  /** Clears the screen before what is sent next, if lines are edited here and it can be cleared. */
  wipe(): void {
    if (this.isEditing && this.traits.isAnsi) this.reply(encoder.encode(ERASE_ALL));
  }

  /** Gets to know the client; resolves once enough is known to greet it. */
  introduce(): Promise<void> {
    return this.#client.introduce();
  }

  /** Takes bytes from the client; returns the lines, or parts of lines, in them. */
  feed(chunk: Uint8Array): Uint8Array {
    const data = this.#client.filter(chunk);
    const { erasures } = this.#client;
    if (this.#editing?.input) {
      return this.#editing.feed(erasures ? erasuresAsKeys(data, erasures) : data);
    }
    if (data.length > 0) this.#interrupts?.forget();
    const lines = this.#lineMode || erasures ? this.#lines.feed(data, erasures) : data;
    if (this.#client.isBinary && lines.includes(LF)) this.reply(CARRIAGE_RETURN);
    return lines;
  }

  /** Removes the line being typed from the screen for good; only the farewell follows. */
  leave(): void {
    this.#client.leave();
    this.setCharacterMode(false);
  }

  /** Stops drawing, for a peer that is gone. */
  close(): void {
    this.#editing?.close();
  }

  /** This and the following methods are part of {@linkcode TerminalOwner}. */
  reply(bytes: Uint8Array): void {
    this.outbox.push(bytes);
  }

  areYouThere(): void {
    this.reply(encoder.encode(this.isEditing ? HERE : HERE_IN_LINE_MODE));
  }

  resized(size: WindowSize): void {
    this.#editing?.resize(size);
  }

  changed(): void {
    this.onChange?.();
  }

  setCharacterMode(isOn: boolean): void {
    if (isOn === this.isEditing) return;
    if (isOn) this.#begin();
    else this.#end();
  }

  interrupted(): void {
    if (this.#assistant?.press?.("C-c")) return this.refresh();
    const isEmpty = this.#input?.isEmpty ?? true;
    this.#input?.clear();
    this.refresh();
    if (this.#isConcealed && this.onCancel) return this.onCancel();
    if (!isEmpty) return;
    this.#interrupts ??= new Interrupts(this.#options.clock);
    if (this.#interrupts.isSecond()) this.#goodbye();
    else this.onInterrupt?.();
  }

  #goodbye(): void {
    const help = this.#help;
    if (help) help.leave();
    else this.#user.end();
  }

  #conceal(): void {
    const isErasing = this.#maySeeKeys && this.#isConcealed && !this.isEditing;
    if (isErasing || this.#lineMode) this.#lines.isErasing = isErasing;
  }

  get #lines(): LineMode {
    return this.#lineMode ??= new LineMode(
      this.#options.maxLineBytes,
      (what) => this.#user.erase(what),
    );
  }

  /** Whether the client may send keys and show nothing of them itself. */
  get #maySeeKeys(): boolean {
    return this.#options.offersTelnet || this.#user.remote !== undefined;
  }

  #begin(): void {
    const editing = this.#editing ??= new LineEditing({
      sink: this.#user.sink,
      outbox: this.outbox,
      client: this.#client,
      clock: this.#options.clock,
      maxLineBytes: this.#options.maxLineBytes,
      onInterrupt: () => this.interrupted(),
      onLeave: () => this.#goodbye(),
      onKey: () => this.#interrupts?.forget(),
    });
    const [isConcealed, isStyled] = [this.#isConcealed, this.#isStyled];
    editing.begin({ assistant: this.#help, isConcealed, isStyled });
    this.#conceal();
    this.#client.bareCrEndsLine = true;
    this.#user.startKeys();
    editing.show();
    this.onChange?.();
  }

  #end(): void {
    this.#lines.resume(encodeRawText(this.#editing!.end()));
    this.#conceal();
    this.#client.bareCrEndsLine = this.#client.isBinary;
    this.onChange?.();
  }
}
