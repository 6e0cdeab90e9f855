/**
 * A terminal that edits its own lines: they pass as they are, except that Backspace and Ctrl-U are
 * applied here while the line must not be shown.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import { LineEraser } from "../codec/line_eraser.ts";

const NOTHING = new Uint8Array();

export class LineMode {
  readonly #maxLineBytes: number;
  #eraser: LineEraser | undefined;
  /** The beginning of the next line, typed before. */
  #unfinished: Uint8Array = NOTHING;

  /** @param maxLineBytes As of {@linkcode LineEraser}. */
  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** Sets whether Backspace and Ctrl-U are applied here. */
  set isErasing(isErasing: boolean) {
    if (isErasing === (this.#eraser !== undefined)) return;
    if (this.#eraser) this.#unfinished = concat([this.#unfinished, this.#eraser.end()]);
    this.#eraser = isErasing ? new LineEraser(this.#maxLineBytes) : undefined;
  }

  /** Continues a line that was begun in character mode. */
  resume(unfinished: Uint8Array): void {
    this.#unfinished = unfinished;
  }

  /** Takes bytes from the client; returns the lines, or parts of lines, in them. */
  feed(bytes: Uint8Array): Uint8Array {
    const all = this.#unfinished.length === 0 ? bytes : concat([this.#unfinished, bytes]);
    this.#unfinished = NOTHING;
    return this.#eraser ? this.#eraser.feed(all) : all;
  }
}
