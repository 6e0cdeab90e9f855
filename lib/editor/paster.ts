/**
 * Pasted text: one line is inserted into the line being typed; several are sent as one message or
 * line by line, after a question. A newline in them never submits a line by itself.
 *
 * @module
 */

import type { Key } from "../codec/key.ts";
import { rawTextBytes } from "../codec/raw_text.ts";
import type { Assistant } from "./assistant.ts";
import type { LineEditor } from "./line_editor.ts";
import { pasteAnswer, pastePrompt, type PasteQuestion } from "./paste_question.ts";

/** Of pasted text. A line must not end where the service sees no end. */
const LINE_END = /[\n\u2028\u2029]/;

/** Callbacks of a {@linkcode Paster}, called synchronously. */
export interface PasteOwner {
  /** A finished line, which may contain escaped bytes of `raw_text.ts`. */
  line(text: string): void;
  /** A finished text of several lines. @param lines As which the service takes it. */
  block(text: string, lines: readonly string[]): void;
  /** A key that had no effect. */
  bell(): void;
  /** A notice to show above the line. */
  tell(text: string): void;
}

export interface PasterOptions {
  /** Edits the line that is sent. */
  readonly editor: LineEditor;
  readonly assistant: () => Assistant | undefined;
  /** Longest line, in bytes of UTF-8. */
  readonly maxBytes: number;
}

export class Paster {
  readonly #owner: PasteOwner;
  readonly #options: PasterOptions;
  #question: PasteQuestion | undefined;

  constructor(owner: PasteOwner, options: PasterOptions) {
    this.#owner = owner;
    this.#options = options;
  }

  /** The question that has not been answered yet, if any. */
  get prompt(): string | undefined {
    return this.#question && pastePrompt(this.#question);
  }

  get isAsking(): boolean {
    return this.#question !== undefined;
  }

  cancel(): void {
    this.#question = undefined;
  }

  /** @param target Edits the line being typed, which may be a password. */
  paste(text: string, droppedBytes: number, target: LineEditor): void {
    const { editor } = this.#options;
    if (this.#question) return this.#owner.bell();
    if (droppedBytes > 0) {
      return this.#owner.tell("Nothing was pasted: the text is too long.");
    }
    const pasted = text.split(LINE_END);
    const [first = "", ...others] = pasted.filter((line) => line.trim() !== "");
    if (others.length === 0) {
      if (!target.insert(first)) this.#tellTooLong();
      return;
    }
    if (target !== editor) return this.#owner.bell();
    const { text: around, cursor } = editor.buffer;
    this.#ask(around.slice(0, cursor) + withoutBlankEnds(pasted) + around.slice(cursor));
  }

  /** Takes the answer to the question; returns the text that was typed after it. */
  answer(key: Key & { readonly kind: "text" | "key" }): string {
    const question = this.#question!;
    const [name, ...rest] = key.kind === "text" ? key.text : [key.name];
    const answer = pasteAnswer(name);
    if (answer === undefined || answer === "block" && question.block === undefined) {
      this.#owner.bell();
    } else {
      this.#question = undefined;
      this.#send(question, answer);
    }
    return rest.join("");
  }

  #ask(text: string): void {
    const { assistant, maxBytes } = this.#options;
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    if (lines.some((line) => rawTextBytes(this.#quote(line)) > maxBytes)) {
      return this.#tellTooLong();
    }
    const help = assistant();
    const question = { text, lines, block: help?.quoteBlock?.(text) };
    const pasteAs = help?.pasteAs ?? "ask";
    const isAsked = pasteAs === "ask" || pasteAs === "block" && question.block?.messages !== 1;
    if (isAsked) this.#question = question;
    else this.#send(question, pasteAs);
  }

  #send({ text, lines, block }: PasteQuestion, as: "lines" | "block" | "cancel"): void {
    if (as === "cancel") return;
    this.#options.editor.buffer.set("");
    if (as === "block") return this.#owner.block(text, block!.lines);
    for (const line of lines) this.#owner.line(this.#quote(line));
  }

  #quote(line: string): string {
    return this.#options.assistant()?.quote(line) ?? line;
  }

  #tellTooLong(): void {
    const { maxBytes } = this.#options;
    this.#owner.tell(`Nothing was pasted: a line can have at most ${maxBytes} bytes.`);
  }
}

/** Lines without the blank ones at either end. */
function withoutBlankEnds(lines: readonly string[]): string {
  const isText = (line: string) => line.trim() !== "";
  return lines.slice(lines.findIndex(isText), lines.findLastIndex(isText) + 1).join("\n");
}
