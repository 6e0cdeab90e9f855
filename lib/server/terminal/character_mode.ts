/**
 * A terminal that sends every key: the line is edited here, and only finished lines are
 * passed on.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { Key } from "../../codec/key.ts";
import { KeyParser } from "../../codec/key_parser.ts";
import { encodeRawText, withoutRawBytes } from "../../codec/raw_text.ts";
import { terminalLines } from "../../codec/terminal_text.ts";
import { AnsiPainter } from "../../editor/ansi_painter.ts";
import type { Assistant, Candidate } from "../../editor/assistant.ts";
import { listCandidates } from "../../editor/completer.ts";
import { DumbPainter } from "../../editor/dumb_painter.ts";
import { InputLine, type InputOwner } from "../../editor/input_line.ts";
import type { Painter } from "../../editor/painter.ts";
import type { Outbox } from "../output/outbox.ts";
import type { WindowSize } from "./client_profile.ts";
import type { TerminalScreen } from "./terminal_screen.ts";

/** Longest paste in bytes. Nothing longer belongs in a chat. */
const MAX_PASTE_BYTES = 64 * 1024;
/** A terminal sends an escape sequence in one piece; after this time, an ESC is the Escape key. */
const ESCAPE_DELAY_MS = 50;
const encoder = new TextEncoder();

export interface CharacterModeOptions {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly screen: TerminalScreen;
  readonly size: WindowSize;
  /** Whether the terminal understands ECMA-48 cursor control. */
  readonly isAnsi: boolean;
  readonly maxLineBytes: number;
  readonly assistant: Assistant | undefined;
  /** Ctrl-C, or Ctrl-D on an empty line. */
  readonly onInterrupt: () => void;
  readonly onLeave: () => void;
  /** Any key except Ctrl-C. */
  readonly onKey: () => void;
}

export class CharacterMode implements InputOwner {
  readonly #options: CharacterModeOptions;
  readonly #parser = new KeyParser({ maxPasteBytes: MAX_PASTE_BYTES });
  readonly #input: InputLine;
  readonly #painter: Painter;
  #columns: number;
  /** Finished lines that have not been returned. */
  #finished = "";
  #cancelEscape: (() => void) | undefined;

  constructor(options: CharacterModeOptions) {
    const { isAnsi, maxLineBytes, assistant, size: { columns, rows } } = options;
    this.#options = options;
    this.#input = new InputLine(this, { maxBytes: maxLineBytes });
    this.#input.assistant = assistant;
    this.#columns = columns;
    this.#painter = isAnsi ? new AnsiPainter(columns, rows) : new DumbPainter(columns);
  }

  get input(): InputLine {
    return this.#input;
  }

  /** How many rows the line being typed takes. */
  get lineRows(): number {
    return this.#painter.rowsOf(this.#input.view);
  }

  /** Shows the line being typed. */
  begin(): void {
    const { screen } = this.#options;
    screen.use(this.#painter);
    screen.update();
  }

  /** Sets whether the prompt may be styled. */
  setStyled(isStyled: boolean): void {
    this.#painter.isStyled = isStyled && this.#options.isAnsi;
    this.#options.screen.update();
  }

  /** Takes typed bytes; returns the finished lines, each with a newline. */
  feed(bytes: Uint8Array): Uint8Array {
    this.#cancelEscape?.();
    this.#cancelEscape = undefined;
    this.#handle(this.#parser.feed(bytes));
    if (this.#parser.isEscapePending) this.#awaitEscape();
    const finished = encodeRawText(this.#finished);
    this.#finished = "";
    return finished;
  }

  resize({ columns, rows }: WindowSize): void {
    this.#columns = columns;
    this.#painter.resize(columns, rows);
    this.#options.screen.settle();
    this.#options.screen.update();
  }

  /** Ends character mode; returns the unfinished line, to be continued elsewhere. */
  end(): string {
    this.#cancelEscape?.();
    const { screen, outbox } = this.#options;
    if (screen.isOpen) {
      screen.use(undefined);
      // Through the outbox, so that closing waits for it too.
      outbox.push(encoder.encode(this.#painter.end()));
      screen.update();
    }
    return this.#input.isConcealed ? "" : this.#input.text.replaceAll("\n", " ");
  }

  line(text: string): void {
    const { assistant, isConcealed } = this.#input;
    const isHidden = isConcealed || assistant?.isSecret?.(text) === true;
    if (isHidden || !assistant?.isShownAgain(text)) this.#leaveOnScreen(isHidden ? "" : text);
    this.#finished += `${text}\n`;
  }

  block(text: string, lines: readonly string[]): void {
    // The text may begin as a command does, and be none.
    if (!this.#input.assistant?.isShownAgain(lines[0])) this.#leaveOnScreen(text);
    this.#finished += lines.map((line) => `${line}\n`).join("");
  }

  command(line: string): void {
    this.#finished += `${line}\n`;
  }

  interrupt(): void {
    this.#options.onInterrupt();
  }

  leave(): void {
    this.#options.onLeave();
  }

  bell(): void {
    this.#options.screen.ring();
  }

  clearScreen(): void {
    this.#options.screen.clear();
  }

  tell(text: string): void {
    this.#push(`! ${text}`);
  }

  list(candidates: readonly Candidate[]): void {
    for (const line of listCandidates(candidates, this.#columns)) this.#push(line);
  }

  #handle(keys: readonly Key[]): void {
    for (const key of keys) {
      if (key.kind === "report") this.#painter.report(key.text);
      else if (key.kind !== "key" || key.name !== "C-c") this.#options.onKey();
      this.#input.handle(key);
    }
    this.#options.screen.update();
  }

  #awaitEscape(): void {
    this.#cancelEscape = this.#options.clock.after(ESCAPE_DELAY_MS, () => {
      this.#cancelEscape = undefined;
      if (this.#input.usesEscape) this.#handle(this.#parser.flush());
      else this.#parser.settle();
    });
  }

  /** A finished line stays where it was typed, as in any terminal. */
  #leaveOnScreen(text: string): void {
    const { prompt } = this.#input.view;
    const shown = terminalLines(withoutRawBytes(text)).replaceAll("\n", "\r\n");
    this.#push((prompt === "" ? "" : `${prompt} `) + shown);
  }

  #push(line: string): void {
    this.#options.outbox.push(encoder.encode(`${line}\r\n`));
  }
}
