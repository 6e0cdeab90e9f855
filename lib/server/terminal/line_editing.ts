/**
 * Editing lines here, while the client sends every key: the line being typed, and the screen that
 * shows it below the output. Begins and ends as often as the client changes its mind.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { Assistant } from "../../editor/assistant.ts";
import type { InputLine } from "../../editor/input_line.ts";
import type { ByteSink, Outbox } from "../output/outbox.ts";
import { CharacterMode } from "./character_mode.ts";
import type { WindowSize } from "./client_profile.ts";
import type { TerminalClient } from "./terminal_client.ts";
import { TerminalScreen } from "./terminal_screen.ts";

export interface LineEditingOptions {
  /** Where the outbox is written to. */
  readonly sink: ByteSink;
  readonly outbox: Outbox;
  readonly client: Pick<TerminalClient, "size" | "traits">;
  readonly clock: Clock;
  readonly maxLineBytes: number;
  /** Ctrl-C, or Ctrl-D on an empty line. */
  readonly onInterrupt: () => void;
  /** The user leaves by a key. */
  readonly onLeave: () => void;
  /** Any key except Ctrl-C. */
  readonly onKey: () => void;
}

/** How the line is edited at first. */
export interface EditingStart {
  readonly assistant: Assistant | undefined;
  /** Whether typed text is hidden. */
  readonly isConcealed: boolean;
  /** Whether the prompt may be styled. @default {if the terminal has colours} */
  readonly isStyled: boolean | undefined;
}

export class LineEditing {
  readonly #options: LineEditingOptions;
  readonly #screen: TerminalScreen;
  /** Set while lines are edited here. */
  #mode: CharacterMode | undefined;

  constructor(options: LineEditingOptions) {
    const { sink, clock, client } = options;
    this.#options = options;
    this.#screen = new TerminalScreen({
      sink,
      clock,
      view: () => this.#mode!.input.view,
      hasTwoScreens: () => client.traits.hasTwoScreens,
    });
  }

  /** The line being typed; `undefined` while lines are not edited here. */
  get input(): InputLine | undefined {
    return this.#mode?.input;
  }

  /** Whether output waits for a page that is being read. */
  get isHolding(): boolean {
    return this.#screen.isHolding;
  }

  /** How many rows a page can have; `undefined` where none can be shown. */
  get pageRows(): number | undefined {
    const { size, traits } = this.#options.client;
    if (!this.#mode || !traits.isAnsi || !this.#screen.isOpen) return undefined;
    return Math.max(1, size.rows - 1 - this.#mode.lineRows);
  }

  /** As {@linkcode TerminalScreen.showPage}, of rows. */
  showPage(rows: readonly string[] | undefined): void {
    this.#screen.showPage(rows?.map((row) => `${row}\r\n`).join(""));
  }

  /** Begins to edit an empty line; {@linkcode show} is called next. */
  begin({ assistant, isConcealed, isStyled }: EditingStart): void {
    const { client: { size, traits }, ...options } = this.#options;
    const screen = this.#screen;
    const mode = new CharacterMode({ ...options, screen, size, isAnsi: traits.isAnsi, assistant });
    this.#mode = mode;
    mode.input.isConcealed = isConcealed;
    mode.setStyled(isStyled ?? traits.hasColour);
  }

  /** Shows the line, once keys are read. */
  show(): void {
    if (this.#screen.isOpen) this.#mode?.begin();
    else this.#openScreen();
  }

  /** Ends editing; returns the unfinished line, to be continued elsewhere. */
  end(): string {
    const unfinished = this.#mode!.end();
    this.#mode = undefined;
    return unfinished;
  }

  /** Takes typed bytes, while lines are edited here; returns the finished lines. */
  feed(bytes: Uint8Array): Uint8Array {
    return this.#mode!.feed(bytes);
  }

  resize(size: WindowSize): void {
    this.#mode?.resize(size);
  }

  /** Sets whether the prompt may be styled. */
  setStyled(isStyled: boolean): void {
    this.#mode?.setStyled(isStyled);
  }

  /** Redraws the line being typed. */
  refresh(): void {
    this.#screen.update();
  }

  /** Stops drawing, for a peer that is gone. */
  close(): void {
    this.#screen.close();
  }

  /** Puts the screen, for good, between outbox and sink once no write is under way. */
  async #openScreen(): Promise<void> {
    const { outbox } = this.#options;
    while (await outbox.drained()) {
      if (outbox.queuedBytes > 0) continue;
      this.#mode?.begin();
      outbox.writeTo(this.#screen);
      this.#screen.open();
      return;
    }
  }
}
