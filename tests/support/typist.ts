/** Types keys, as bytes, into an {@linkcode InputLine} without a terminal, and records its events. */

import { KeyParser } from "../../lib/codec/key_parser.ts";
import type { Assistant, Candidate } from "../../lib/editor/assistant.ts";
import { InputLine, type InputOwner } from "../../lib/editor/input_line.ts";

export const KEYS = {
  enter: "\r",
  tab: "\t",
  backspace: "\x7f",
  delete: "\x1b[3~",
  left: "\x1b[D",
  right: "\x1b[C",
  up: "\x1b[A",
  down: "\x1b[B",
  home: "\x1b[H",
  end: "\x1b[F",
  wordLeft: "\x1b[1;5D",
  wordRight: "\x1b[1;5C",
  escape: "\x1b",
} as const;

/** The byte of Ctrl and a letter. */
export function control(letter: string): string {
  return String.fromCharCode(letter.toUpperCase().charCodeAt(0) & 0x1f);
}

/** The bytes of Alt and a letter. */
export function alt(letter: string): string {
  return `\x1b${letter}`;
}

export function paste(text: string): string {
  return `\x1b[200~${text}\x1b[201~`;
}

export class Typist implements InputOwner {
  readonly input: InputLine;
  /** Finished lines, and other events such as `(bell)` and `(leave)`. */
  events: string[] = [];
  readonly #parser: KeyParser;

  constructor({ maxBytes = 4096, maxPasteBytes = 10_000, assistant }: {
    readonly maxBytes?: number;
    readonly maxPasteBytes?: number;
    readonly assistant?: Partial<Assistant>;
  } = {}) {
    this.input = new InputLine(this, { maxBytes });
    this.#parser = new KeyParser({ maxPasteBytes });
    this.input.assistant = assistant && {
      prompt: ">",
      complete: () => undefined,
      isShownAgain: () => false,
      quote: (line) => line,
      quoteBlock: (text) => ({ messages: 1, lines: text.split("\n") }),
      typedBlock: (text) => text.split("\n"),
      leave: () => {},
      ...assistant,
    };
  }

  /** Types keys; returns the line with a bar at the cursor. */
  type(...keys: readonly string[]): string {
    this.press(new TextEncoder().encode(keys.join("")));
    return this.shown;
  }

  press(bytes: Uint8Array): void {
    for (const key of this.#parser.feed(bytes)) this.input.handle(key);
  }

  /** Lets the escape delay pass, which makes a trailing ESC the Escape key. */
  wait(): string {
    for (const key of this.#parser.flush()) this.input.handle(key);
    return this.shown;
  }

  /** Lets that delay pass while the Escape key has no effect. */
  settle(): void {
    this.#parser.settle();
  }

  get shown(): string {
    const { text, cursor } = this.input.view;
    return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
  }

  /** Returns and clears the events. */
  take(): string[] {
    return this.events.splice(0);
  }

  line(text: string): void {
    this.events.push(text);
  }

  block(_text: string, lines: readonly string[]): void {
    this.events.push(`(block) ${lines.join("|")}`);
  }

  command(line: string): void {
    this.events.push(`(command) ${line}`);
  }

  interrupt(): void {
    this.input.clear();
    this.events.push("(interrupt)");
  }

  leave(): void {
    this.events.push("(leave)");
  }

  bell(): void {
    this.events.push("(bell)");
  }

  clearScreen(): void {
    this.events.push("(clear)");
  }

  tell(text: string): void {
    this.events.push(`(tell) ${text}`);
  }

  list(candidates: readonly Candidate[]): void {
    this.events.push(`(list) ${candidates.map(({ text }) => text).join(" ")}`);
  }
}
