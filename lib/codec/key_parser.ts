/**
 * Parses the bytes of a terminal into keys: control characters, UTF-8, and the ECMA-48 escape
 * sequences of xterm and its relatives.
 *
 * Pure. It does not matter how the input is split, with one exception: only timing tells whether an
 * ESC is the Escape key or the start of a sequence. See {@linkcode KeyParser.flush} and
 * {@linkcode KeyParser.settle}.
 *
 * @module
 */

import type { Key } from "./key.ts";
import { PasteCollector } from "./paste_collector.ts";
import { isPasteBegin, keyOfControl, keyOfCsi, keyOfSs3 } from "./key_sequences.ts";
import { Utf8Collector } from "./utf8_collector.ts";

const ESC = 0x1b;
const DEL = 0x7f;
/** Longest parameter sequence; a longer one has no meaning. */
const MAX_PARAMETERS = 32;

// What the next byte belongs to.
const GROUND = 0;
const ESCAPE = 1;
const CSI = 2;
const SS3 = 3;
/** The byte after `ESC [ [`: a function key of the Linux console. */
const LINUX_FUNCTION_KEY = 4;
const PASTE = 5;

export interface KeyParserOptions {
  /** Longest paste in bytes; the rest of a longer one is counted and dropped. */
  readonly maxPasteBytes: number;
}

/** Parses the input of one terminal. */
export class KeyParser {
  readonly #maxPasteBytes: number;
  readonly #characters = new Utf8Collector();
  #next = GROUND;
  /** Whether an ESC preceded the sequence: the Alt key. */
  #isMeta = false;
  /** Whether an ESC has been pending for a while. */
  #isSettled = false;
  #parameters = "";
  #paste: PasteCollector | undefined;
  #text = "";
  #keys: Key[] = [];

  constructor({ maxPasteBytes }: KeyParserOptions) {
    this.#maxPasteBytes = maxPasteBytes;
  }

  /** Whether the last byte was an ESC, whose meaning only timing tells. */
  get isEscapePending(): boolean {
    return this.#next === ESCAPE;
  }

  /** Returns the keys that this chunk completes. */
  feed(chunk: Uint8Array): Key[] {
    for (const byte of chunk) this.#take(byte);
    return this.#takeKeys();
  }

  /** Takes a pending ESC for the Escape key. Call it when no byte has followed for a while. */
  flush(): Key[] {
    if (this.#next === ESCAPE) {
      this.#next = GROUND;
      this.#key("escape");
    }
    return this.#takeKeys();
  }

  /**
   * Notes that no byte has followed a pending ESC for a while: it may still be the Alt key of a
   * letter, as in readline, but an Enter after it is only an Enter.
   */
  settle(): void {
    this.#isSettled = this.isEscapePending;
  }

  #takeKeys(): Key[] {
    this.#endText();
    const keys = this.#keys;
    this.#keys = [];
    return keys;
  }

  #take(byte: number): void {
    switch (this.#next) {
      case GROUND:
        return this.#takeGround(byte);
      case ESCAPE:
        return this.#takeEscaped(byte);
      case CSI:
        return this.#takeCsi(byte);
      case SS3:
        return this.#takeSs3(byte);
      case LINUX_FUNCTION_KEY:
        this.#next = GROUND;
        return;
      default:
        return this.#takePasted(byte);
    }
  }

  #takeGround(byte: number): void {
    if (byte >= 0x20 && byte !== DEL) {
      this.#text += this.#characters.push(byte);
      return;
    }
    // A control character ends an unfinished character.
    this.#text += this.#characters.finish();
    if (byte === ESC) this.#begin(ESCAPE, false);
    else this.#key(keyOfControl(byte));
  }

  #takeEscaped(byte: number): void {
    const isSettled = this.#isSettled;
    this.#isSettled = false;
    if (byte === 0x5b) return this.#begin(CSI, this.#isMeta);
    if (byte === 0x4f) return this.#begin(SS3, this.#isMeta);
    if (byte === ESC) return this.#begin(ESCAPE, true);
    this.#next = GROUND;
    // No key sends ESC and a character beyond ASCII.
    if (byte >= 0x80) return this.#takeGround(byte);
    const isControl = byte < 0x20 || byte === DEL;
    const name = isControl ? keyOfControl(byte) : String.fromCharCode(byte).toLowerCase();
    if (name === "enter" && isSettled) return this.#key(name);
    if (name !== undefined) this.#key(name.startsWith("C-") ? `C-M-${name.slice(2)}` : `M-${name}`);
  }

  /** ECMA-48 section 5.4: parameters, intermediates, and a final byte. */
  #takeCsi(byte: number): void {
    if (byte < 0x20 || byte >= DEL) return this.#abort(byte);
    if (byte < 0x40) {
      if (this.#parameters.length <= MAX_PARAMETERS) this.#parameters += String.fromCharCode(byte);
      return;
    }
    if (byte === 0x5b && this.#parameters === "") {
      this.#next = LINUX_FUNCTION_KEY;
      return;
    }
    this.#next = GROUND;
    if (this.#parameters.length > MAX_PARAMETERS) return;
    const final = String.fromCharCode(byte);
    if (isPasteBegin(this.#parameters, final)) {
      this.#next = PASTE;
      this.#paste = new PasteCollector(this.#maxPasteBytes);
    } else if (/^[<-?]/.test(this.#parameters)) {
      this.#endText();
      this.#keys.push({ kind: "report", text: this.#parameters + final });
    } else {
      this.#key(keyOfCsi(this.#parameters, final, this.#isMeta));
    }
  }

  #takeSs3(byte: number): void {
    if (byte < 0x20 || byte >= DEL) return this.#abort(byte);
    this.#next = GROUND;
    this.#key(keyOfSs3(String.fromCharCode(byte), this.#isMeta));
  }

  #takePasted(byte: number): void {
    if (!this.#paste!.push(byte)) return;
    const { text, droppedBytes } = this.#paste!;
    this.#paste = undefined;
    this.#next = GROUND;
    this.#endText();
    this.#keys.push({ kind: "paste", text, droppedBytes });
  }

  /** Gives up an invalid sequence: the byte stands for itself. */
  #abort(byte: number): void {
    this.#next = GROUND;
    this.#takeGround(byte);
  }

  #begin(next: number, isMeta: boolean): void {
    this.#next = next;
    this.#isMeta = isMeta;
    this.#parameters = "";
  }

  #key(name: string | undefined): void {
    if (name === undefined) return;
    this.#endText();
    this.#keys.push({ kind: "key", name });
  }

  #endText(): void {
    if (this.#text === "") return;
    this.#keys.push({ kind: "text", text: this.#text });
    this.#text = "";
  }
}
