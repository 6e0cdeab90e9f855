/**
 * A terminal that edits its own lines: they pass as they are, except for what the client asks to
 * erase. While the line must not be shown, Backspace and Ctrl-U are applied here, too.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import {
  applyErasures,
  type Erasure,
  erasuresAsKeys,
  type PlacedErasure,
} from "../../codec/erasure.ts";
import { LineEraser } from "../../codec/line_eraser.ts";

const NOTHING = new Uint8Array();

export class LineMode {
  readonly #maxLineBytes: number;
  readonly #eraseBefore: (what: Erasure) => void;
  #eraser: LineEraser | undefined;
  /** The beginning of the next line, typed before. */
  #unfinished: Uint8Array = NOTHING;

  /**
   * @param maxLineBytes As of {@linkcode LineEraser}.
   * @param eraseBefore Erases the end of what has been passed on, which is part of no whole line.
   */
  constructor(maxLineBytes: number, eraseBefore: (what: Erasure) => void) {
    this.#maxLineBytes = maxLineBytes;
    this.#eraseBefore = eraseBefore;
  }

  /** Sets whether Backspace and Ctrl-U are applied here. */
  set isErasing(isErasing: boolean) {
    if (isErasing === (this.#eraser !== undefined)) return;
    if (this.#eraser) this.#unfinished = concat([this.#unfinished, this.#eraser.end()]);
    this.#eraser = isErasing ? new LineEraser(this.#maxLineBytes) : undefined;
  }

  /** Forgets the line being typed, as far as it is held here. */
  drop(): void {
    this.#unfinished = NOTHING;
    this.#eraser?.end();
  }

  /** Continues a line that was begun in character mode. */
  resume(unfinished: Uint8Array): void {
    this.#unfinished = unfinished;
  }

  /** Takes bytes from the client; returns the lines, or parts of lines, in them. */
  feed(bytes: Uint8Array, erasures: readonly PlacedErasure[] = []): Uint8Array {
    const { length } = this.#unfinished;
    const all = length === 0 ? bytes : concat([this.#unfinished, bytes]);
    const placed = length === 0
      ? erasures
      : erasures.map(({ what, at }) => ({ what, at: at + length }));
    this.#unfinished = NOTHING;
    if (this.#eraser) return this.#eraser.feed(erasuresAsKeys(all, placed));
    return placed.length === 0 ? all : applyErasures(all, placed, this.#eraseBefore);
  }
}
