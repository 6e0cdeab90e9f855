/**
 * Editing actions on the text of a line: move, delete, kill, yank, transpose.
 *
 * @module
 */

import type { EditAction } from "./keymap.ts";
import { KillRing } from "./kill_ring.ts";
import { TextBuffer } from "./text_buffer.ts";

export class LineEditor {
  readonly buffer: TextBuffer;
  readonly #kills = new KillRing();
  readonly #isSecret: (text: string) => boolean;
  /** The previous action: consecutive kills are joined, and yank-earlier needs a yank before it. */
  #last: EditAction | undefined;
  /** Index where the last yanked text starts. */
  #yankStart = 0;

  /**
   * @param maxBytes Longest text, in bytes of UTF-8.
   * @param isSecret Whether nothing may be kept of a text.
   */
  constructor(maxBytes: number, isSecret: (text: string) => boolean = () => false) {
    this.buffer = new TextBuffer(maxBytes);
    this.#isSecret = isSecret;
  }

  /** Whether the previous action was the same, with nothing typed in between. */
  isRepeated(action: EditAction): boolean {
    return this.#last === action;
  }

  /** Inserts text at the cursor; returns `false` if it does not fit. */
  insert(text: string): boolean {
    this.#last = undefined;
    return this.buffer.insert(text);
  }

  /** Records an action done elsewhere. */
  note(action: EditAction | undefined): void {
    this.#last = action;
  }

  /** Returns `false` if the action had no effect, and `undefined` if it is not about the text. */
  do(action: EditAction): boolean | undefined {
    const done = this.#do(action);
    if (done !== undefined) this.#last = action;
    return done;
  }

  #do(action: EditAction): boolean | undefined {
    const { buffer } = this;
    switch (action) {
      case "left":
        return this.#move(buffer.left);
      case "right":
        return this.#move(buffer.right);
      case "home":
        return this.#move(0);
      case "end":
        return this.#move(buffer.text.length);
      case "word-left":
        return this.#move(buffer.wordLeft);
      case "word-right":
        return this.#move(buffer.wordRight);
      case "backspace":
        return buffer.deleteTo(buffer.left) !== "";
      case "delete":
      case "delete-or-leave":
        return buffer.deleteTo(buffer.right) !== "";
      case "kill-to-start":
        return this.#kill(0);
      case "kill-to-end":
        return this.#kill(buffer.text.length);
      case "kill-spaced-word-left":
        return this.#kill(buffer.spacedWordLeft);
      case "kill-word-left":
        return this.#kill(buffer.wordLeft);
      case "kill-word-right":
        return this.#kill(buffer.wordRight);
      case "yank":
        return this.#yank(buffer.cursor);
      case "yank-earlier":
        if (this.#last !== "yank" && this.#last !== "yank-earlier") return false;
        this.#kills.rotate();
        return this.#yank(this.#yankStart);
      case "transpose":
        return buffer.transpose();
      default:
        return undefined;
    }
  }

  #move(index: number): boolean {
    const isThere = index === this.buffer.cursor;
    this.buffer.moveTo(index);
    return !isThere;
  }

  #kill(index: number): boolean {
    const isBack = index < this.buffer.cursor;
    const isKept = !this.#isSecret(this.buffer.text);
    const text = this.buffer.deleteTo(index);
    const joins = this.#last?.startsWith("kill-") ?? false;
    if (isKept) this.#kills.add(text, joins ? (isBack ? "before" : "after") : undefined);
    return text !== "";
  }

  #yank(start: number): boolean {
    const { latest } = this.#kills;
    if (latest === "" || !this.buffer.replaceBack(start, latest)) return false;
    this.#yankStart = start;
    return true;
  }
}
