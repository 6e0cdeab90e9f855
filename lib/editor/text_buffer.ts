/**
 * A line of text with a cursor in it, moved and changed by graphemes and words.
 *
 * @module
 */

import { graphemeBoundary, graphemeEnd, graphemeStart } from "../codec/grapheme.ts";
import { rawTextBytes } from "../codec/raw_text.ts";

/** What a word is made of, for moving and deleting. */
const WORD_CHARACTER = /[\p{L}\p{N}\p{M}_]/u;
const SPACE = /\s/u;

/** The line. The cursor is always between two graphemes. */
export class TextBuffer {
  readonly #maxBytes: number;
  #text = "";
  #cursor = 0;

  /** @param maxBytes Longest text, in UTF-8. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get text(): string {
    return this.#text;
  }

  /** Where the cursor is, in UTF-16 units. */
  get cursor(): number {
    return this.#cursor;
  }

  get isEmpty(): boolean {
    return this.#text === "";
  }

  /** Replaces all of it; the cursor is at `cursor`, or the end. Returns `false` if it is too long. */
  set(text: string, cursor = text.length): boolean {
    if (rawTextBytes(text) > this.#maxBytes) return false;
    this.#text = text;
    this.#cursor = graphemeBoundary(text, cursor);
    return true;
  }

  /** Puts text before the cursor; returns `false` and changes nothing where it does not fit. */
  insert(text: string): boolean {
    const { before, after } = this.#split();
    return this.set(before + text + after, before.length + text.length);
  }

  /** Replaces what is from `start` to the cursor. */
  replaceBack(start: number, text: string): boolean {
    const after = this.#text.slice(this.#cursor);
    return this.set(this.#text.slice(0, start) + text + after, start + text.length);
  }

  /** Moves to a place of the kind of those below. */
  moveTo(index: number): void {
    this.#cursor = graphemeBoundary(this.#text, index);
  }

  /** Takes out what is between the cursor and `index`, and returns it. */
  deleteTo(index: number): string {
    const start = Math.min(index, this.#cursor);
    const end = Math.max(index, this.#cursor);
    const removed = this.#text.slice(start, end);
    this.set(this.#text.slice(0, start) + this.#text.slice(end), start);
    return removed;
  }

  /** Where the grapheme before the cursor begins. */
  get left(): number {
    return graphemeStart(this.#text, this.#cursor);
  }

  /** Where the grapheme after the cursor ends. */
  get right(): number {
    return graphemeEnd(this.#text, this.#cursor);
  }

  /** Where the word before the cursor begins. */
  get wordLeft(): number {
    return this.#scanBack((grapheme) => WORD_CHARACTER.test(grapheme));
  }

  /** Where the word after the cursor ends. */
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

  /** Where what is between spaces before the cursor begins. */
  get spacedWordLeft(): number {
    return this.#scanBack((grapheme) => !SPACE.test(grapheme));
  }

  /** Exchanges the graphemes around the cursor, or the last two; returns whether there are two. */
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

  /** Passes what is no part of a word, then the word. */
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
