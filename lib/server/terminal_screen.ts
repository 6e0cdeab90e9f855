/**
 * The one writer to a terminal on which a line is being typed: what comes for the terminal is put
 * above that line, and the line is drawn again below it.
 *
 * The line is never queued. Whenever the terminal can take something, it gets what is missing
 * between what it shows and what it should; so a peer that types and does not read costs nothing.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import type { Clock } from "../clock.ts";
import type { InputView } from "../editor/input_line.ts";
import type { Painter } from "../editor/painter.ts";
import type { ByteSink } from "./outbox.ts";

/** Nobody reads faster; and each time the line being typed has to be drawn as well. */
const PAINTINGS_PER_SECOND = 30;
const INTERVAL_MS = 1000 / PAINTINGS_PER_SECOND;
/** Text put above the line at once, in bytes: what has been taken is only known once all is. */
const MAX_TEXT_BYTES = 16 * 1024;
const LF = 0x0a;
const BELL = "\x07";

export interface ScreenOptions {
  readonly sink: ByteSink;
  readonly clock: Clock;
  /** The line being typed, as it is at the moment. */
  readonly view: () => InputView;
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
  /** `undefined` where no line is on the screen: text then passes as it comes. */
  #painter: Painter | undefined;
  /** What has to be written before anything else. */
  #control = "";
  #text: Text | undefined;
  #isWriting = false;
  #paintedAt = -Infinity;
  #cancelTimer: (() => void) | undefined;
  #failure: { readonly reason: unknown } | undefined;

  constructor(options: ScreenOptions) {
    this.#options = options;
  }

  /** Whether anything is written. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Begins to write: all that others have written to the sink has been taken. */
  open(): void {
    this.#isOpen = true;
    this.update();
  }

  /**
   * Text for the terminal: whole lines, or what has no width. One call at a time, but for the
   * question that no bytes are, whether the peer is gone.
   */
  write(bytes: Uint8Array): Promise<number> {
    if (this.#failure) return Promise.reject(this.#failure.reason);
    if (bytes.length === 0) return this.#askWhetherGone(bytes);
    return new Promise((resolve, reject) => {
      this.#text = { bytes: this.#painter ? wholeLines(bytes) : bytes, resolve, reject };
      this.update();
    });
  }

  /** Puts a line on the screen, or, with `undefined`, takes it off for good. */
  use(painter: Painter | undefined): void {
    this.#control += this.#painter?.erase() ?? "";
    this.#control += painter?.begin() ?? "";
    this.#painter = painter;
  }

  /** Takes all off the screen but the line. */
  clear(): void {
    this.#control += this.#painter?.clear() ?? "";
  }

  ring(): void {
    if (!this.#control.endsWith(BELL)) this.#control += BELL;
  }

  /** Brings the terminal up to date, now or as soon as it has taken what is under way. */
  update(): void {
    if (!this.#isOpen || this.#isWriting || this.#failure) return;
    const text = this.#takeText();
    const before = this.#control + (text ? this.#painter?.erase() ?? "" : "");
    const after = this.#painter?.update(this.#options.view()) ?? "";
    this.#control = "";
    if (!text && before + after === "") return;
    this.#send(compose(before, text, after), text);
  }

  /** Lets go of everything, for a peer that is gone. */
  close(): void {
    this.#cancelTimer?.();
    this.#painter = undefined;
  }

  /** Not behind a write that waits for a slow peer, for then the answer would wait as well. */
  #askWhetherGone(nothing: Uint8Array): Promise<number> {
    return this.#isWriting ? Promise.resolve(0) : this.#options.sink.write(nothing);
  }

  /** The text, if it is there and its time has come. */
  #takeText(): Text | undefined {
    const text = this.#text;
    if (!text) return undefined;
    const { clock } = this.#options;
    const waitMs = this.#painter ? this.#paintedAt + INTERVAL_MS - clock.monotonic() : 0;
    if (waitMs > 0) {
      this.#cancelTimer ??= clock.after(waitMs, () => {
        this.#cancelTimer = undefined;
        this.update();
      });
      return undefined;
    }
    this.#text = undefined;
    this.#paintedAt = clock.monotonic();
    return text;
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

/** As many lines as may be taken at once, at least one. */
function wholeLines(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= MAX_TEXT_BYTES) return bytes;
  const end = bytes.lastIndexOf(LF, MAX_TEXT_BYTES - 1) + 1 || bytes.indexOf(LF) + 1;
  return bytes.subarray(0, end || bytes.length);
}

function compose(before: string, text: Text | undefined, after: string): Uint8Array {
  if (!text) return encoder.encode(before + after);
  return concat([encoder.encode(before), text.bytes, encoder.encode(after)]);
}
