/**
 * A line of text with a cursor, edited by graphemes and words.
 *
 * @module
 */

import { graphemeBoundary, graphemeEnd, graphemeStart } from "../codec/grapheme.ts";
import { rawTextBytes } from "../codec/raw_text.ts";

const WORD_CHARACTER = /[\p{L}\p{N}\p{M}_]/u;
const SPACE = /\s/u;

/** A line of text whose cursor is always between two graphemes. */
export class TextBuffer {
  readonly #maxBytes: number;
  #text = "";
  #cursor = 0;

  /** @param maxBytes Longest text, in bytes of UTF-8. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get text(): string {
    return this.#text;
  }

  /** Index of the cursor, in UTF-16 units. */
  get cursor(): number {
    return this.#cursor;
  }

  get isEmpty(): boolean {
    return this.#text === "";
  }

  /** Replaces the text; returns `false` and changes nothing if it is too long. */
  set(text: string, cursor = text.length): boolean {
    if (rawTextBytes(text) > this.#maxBytes) return false;
    this.#text = text;
    this.#cursor = graphemeBoundary(text, cursor);
    return true;
  }

  /** Inserts text before the cursor; returns `false` and changes nothing if it does not fit. */
  insert(text: string): boolean {
    const { before, after } = this.#split();
    return this.set(before + text + after, before.length + text.length);
  }

  /** Replaces the text from `start` to the cursor. */
  replaceBack(start: number, text: string): boolean {
    const after = this.#text.slice(this.#cursor);
    return this.set(this.#text.slice(0, start) + text + after, start + text.length);
  }

  moveTo(index: number): void {
    this.#cursor = graphemeBoundary(this.#text, index);
  }

  /** Deletes and returns the text between the cursor and `index`. */
  deleteTo(index: number): string {
    const start = Math.min(index, this.#cursor);
    const end = Math.max(index, this.#cursor);
    const removed = this.#text.slice(start, end);
    this.set(this.#text.slice(0, start) + this.#text.slice(end), start);
    return removed;
  }

  /** Start of the grapheme before the cursor. */
  get left(): number {
    return graphemeStart(this.#text, this.#cursor);
  }

  /** End of the grapheme after the cursor. */
  get right(): number {
    return graphemeEnd(this.#text, this.#cursor);
  }

  /** Start of the word before the cursor. */
  get wordLeft(): number {
    return this.#scanBack((grapheme) => WORD_CHARACTER.test(grapheme));
  }

  /** End of the word after the cursor. */
  get wordRight(): number {
    let index = this.#cursor;
    for (let isInWord = false; index < this.#text.length;) {
      const end = graphemeEnd(this.#text, index);
      const isWord = WORD_CHARACTER.test(this.#text.slice(index, end));
      if (isInWord && !isWord) break;
      isInWord = isWord;
      index = end;
    }
    return index;
  }

  /** Start of the space-delimited word before the cursor. */
  get spacedWordLeft(): number {
    return this.#scanBack((grapheme) => !SPACE.test(grapheme));
  }

  /** Swaps the graphemes around the cursor, or the last two; returns whether there are two. */
  transpose(): boolean {
    if (this.#cursor === this.#text.length) this.#cursor = this.left;
    const { before, after } = this.#split();
    if (before === "" || after === "") {
      this.#cursor = this.#text.length;
      return false;
    }
    const start = this.left;
    const end = this.right;
    const swapped = after.slice(0, end - this.#cursor) + before.slice(start);
    return this.set(this.#text.slice(0, start) + swapped + this.#text.slice(end), end);
  }

  /** Skips back over non-word graphemes, then over the word. */
  #scanBack(isPart: (grapheme: string) => boolean): number {
    let index = this.#cursor;
    for (let isInWord = false; index > 0;) {
      const start = graphemeStart(this.#text, index);
      const isWord = isPart(this.#text.slice(start, index));
      if (isInWord && !isWord) break;
      isInWord = isWord;
      index = start;
    }
    return index;
  }

  #split(): { before: string; after: string } {
    return {
      before: this.#text.slice(0, this.#cursor),
      after: this.#text.slice(this.#cursor),
    };
  }
}
