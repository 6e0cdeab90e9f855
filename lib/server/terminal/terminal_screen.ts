/**
 * The only writer to a terminal in character mode: output goes above the line being typed, which is
 * redrawn below it.
 *
 * The line is never queued. Whenever the terminal can take something, it gets the difference
 * between what it shows and what it should show, so a peer that types and does not read costs
 * nothing.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import type { Clock } from "../../clock.ts";
import { FIRST_SCREEN, NEW_ROW_BELOW, SECOND_SCREEN } from "../../editor/ansi.ts";
import type { InputView } from "../../editor/input_line.ts";
import type { Painter } from "../../editor/painter.ts";
import type { ByteSink } from "../output/outbox.ts";

/** Nobody reads faster, and each painting also redraws the line being typed. */
const PAINTINGS_PER_SECOND = 30;
const INTERVAL_MS = 1000 / PAINTINGS_PER_SECOND;
/** Even if the window keeps changing, it is drawn after this time. */
const MAX_SETTLE_MS = 3000;
/** Bytes of output put above the line at once. They count as taken only when all of them are. */
const MAX_TEXT_BYTES = 16 * 1024;
const LF = 0x0a;
const BELL = "\x07";

export interface ScreenOptions {
  readonly sink: ByteSink;
  readonly clock: Clock;
  /** The line being typed, as it is now. */
  readonly view: () => InputView;
  /** Whether the terminal has a second screen, for pages. @default {it has none} */
  readonly hasTwoScreens?: () => boolean;
}

interface Text {
  readonly bytes: Uint8Array;
  readonly resolve: (taken: number) => void;
  readonly reject: (reason: unknown) => void;
}

const encoder = new TextEncoder();

export class TerminalScreen implements ByteSink {
  readonly #options: ScreenOptions;
  #isOpen = false;
  /** `undefined` while no line is shown; then output passes as it is. */
  #painter: Painter | undefined;
  /** Control sequences to be written first. */
  #control = "";
  #text: Text | undefined;
  /** The page to be shown instead of output, if any, and whether that is news to the terminal. */
  #page: string | undefined;
  #isPageDue = false;
  /** Whether the terminal shows a page, and whether it has changed its size meanwhile. */
  #showsPage = false;
  #hasNewSize = false;
  #isWriting = false;
  #paintedAt = -Infinity;
  /** When the window began to change, and when it is taken to have stopped. */
  #unsettledAt = -Infinity;
  #settledAt = -Infinity;
  #cancelTimer: (() => void) | undefined;
  #failure: { readonly reason: unknown } | undefined;

  constructor(options: ScreenOptions) {
    this.#options = options;
  }

  /** Whether this screen does the writing. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Starts to write, once everything else written to the sink has been taken. */
  open(): void {
    this.#isOpen = true;
    this.update();
  }

  /**
   * Writes output: whole lines, or bytes that have no width. One call at a time, except with no
   * bytes, which only checks whether the peer is gone.
   */
  write(bytes: Uint8Array): Promise<number> {
    if (this.#failure) return Promise.reject(this.#failure.reason);
    if (bytes.length === 0) return this.#askWhetherGone(bytes);
    return new Promise((resolve, reject) => {
      this.#text = { bytes: this.#painter ? wholeLines(bytes) : bytes, resolve, reject };
      this.update();
    });
  }

  /** Shows the line being typed, or, with `undefined`, removes it for good. */
  use(painter: Painter | undefined): void {
    this.showPage(undefined);
    this.#control += this.#changePage();
    this.#control += this.#painter?.erase() ?? "";
    this.#control += painter?.begin() ?? "";
    this.#painter = painter;
  }

  /** Clears everything except the line. */
  clear(): void {
    this.#control += this.#painter?.clear() ?? "";
  }

  /**
   * Shows a page of whole lines above the line being typed, instead of output, which waits;
   * `undefined` goes on with the output. Only for terminals with cursor control.
   */
  showPage(page: string | undefined): void {
    this.#page = page;
    this.#isPageDue = true;
  }

  /** Whether output waits for a page that the peer is looking at. */
  get isHolding(): boolean {
    return this.#page !== undefined && !this.#isWriting;
  }

  ring(): void {
    if (!this.#control.endsWith(BELL)) this.#control += BELL;
  }

  /** Draws nothing for some time, because the window is changing. */
  settle(): void {
    this.#hasNewSize = true;
    const now = this.#options.clock.monotonic();
    if (now >= this.#settledAt) this.#unsettledAt = now;
    const { settleMs = 0 } = this.#painter ?? {};
    this.#settledAt = Math.min(now + settleMs, this.#unsettledAt + MAX_SETTLE_MS);
  }

  /** Brings the terminal up to date, now or after the write that is under way. */
  update(): void {
    if (!this.#isOpen || this.#isWriting || this.#failure) return;
    const { clock } = this.#options;
    if (this.#painter && clock.monotonic() < this.#settledAt) {
      return this.#updateIn(this.#settledAt - clock.monotonic());
    }
    const text = this.#takeText();
    const before = this.#control + this.#changePage() + (text ? this.#painter?.erase() ?? "" : "");
    const after = this.#painter?.update(this.#options.view()) ?? "";
    this.#control = "";
    if (!text && before + after === "") return;
    this.#send(compose(before, text, after), text);
  }

  /** Stops drawing, for a peer that is gone. */
  close(): void {
    this.#cancelTimer?.();
    this.#painter = undefined;
  }

  /**
   * Does not queue behind a write that waits for a slow peer, because the check would wait as well.
   */
  #askWhetherGone(nothing: Uint8Array): Promise<number> {
    return this.#isWriting ? Promise.resolve(0) : this.#options.sink.write(nothing);
  }

  /** The output to be written, if it is due. */
  #takeText(): Text | undefined {
    const text = this.#text;
    if (!text || this.#page !== undefined) return undefined;
    const { clock } = this.#options;
    const waitMs = this.#painter ? this.#paintedAt + INTERVAL_MS - clock.monotonic() : 0;
    if (waitMs > 0) {
      this.#updateIn(waitMs);
      return undefined;
    }
    this.#text = undefined;
    this.#paintedAt = clock.monotonic();
    return text;
  }

  /** Brings or removes the page, if that is due; the line is drawn again after it. */
  #changePage(): string {
    const painter = this.#painter;
    const isDue = this.#isPageDue && (this.#page !== undefined || this.#showsPage);
    this.#isPageDue = false;
    if (!painter || !isDue) return "";
    const hasTwoScreens = this.#options.hasTwoScreens?.() ?? false;
    const erased = painter.erase();
    if (this.#page !== undefined) {
      const begin = hasTwoScreens && !this.#showsPage ? SECOND_SCREEN : "";
      if (!this.#showsPage) this.#hasNewSize = false;
      this.#showsPage = true;
      return erased + begin + painter.clear() + this.#page;
    }
    this.#showsPage = false;
    if (!hasTwoScreens) return erased + painter.clear();
    // The terminal may have rewrapped its first screen, but not moved the cursor.
    return erased + FIRST_SCREEN + (this.#hasNewSize ? NEW_ROW_BELOW : "");
  }

  #updateIn(ms: number): void {
    this.#cancelTimer ??= this.#options.clock.after(ms, () => {
      this.#cancelTimer = undefined;
      this.update();
    });
  }

  async #send(bytes: Uint8Array, text: Text | undefined): Promise<void> {
    this.#isWriting = true;
    try {
      let rest = bytes;
      while (rest.length > 0) rest = rest.subarray(await this.#options.sink.write(rest));
      text?.resolve(text.bytes.length);
    } catch (reason) {
      this.#failure = { reason };
      text?.reject(reason);
      this.#text?.reject(reason);
    }
    this.#isWriting = false;
    this.update();
  }
}

/** As many lines as may be written at once, at least one. */
function wholeLines(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= MAX_TEXT_BYTES) return bytes;
  const end = bytes.lastIndexOf(LF, MAX_TEXT_BYTES - 1) + 1 || bytes.indexOf(LF) + 1;
  return bytes.subarray(0, end || bytes.length);
}

function compose(before: string, text: Text | undefined, after: string): Uint8Array {
  if (!text) return encoder.encode(before + after);
  return concat([encoder.encode(before), text.bytes, encoder.encode(after)]);
}
