/**
 * Gathers the different words of a block of events, from the bytes of the log's rows as they are:
 * what is not indexed twice need not be read, parsed and split twice either.
 *
 * The words are those of `domain/words.ts`; what is in ASCII, nearly everything, is done here on
 * bytes, and a stretch that is not is left to it.
 *
 * @module
 */

import { fold, wordsOf } from "../../../domain/words.ts";
import {
  hashOfNumber,
  indexedWord,
  isNumberLike,
  MAX_WORD_BYTES,
  mix,
  stemMark,
} from "./index_words.ts";
import {
  ABOVE_DIGITS,
  BACKSLASH,
  CLASSES,
  isBeforeLink,
  isWord,
  LETTER,
  NOT_ASCII,
  SEPARATOR,
  SMALL_A,
  SMALL_U,
} from "./json_bytes.ts";

/** Numbers for each entry of the table: its round, hash, where its bytes are, and how many. */
const ENTRY_BITS = 2;
const ENTRY = 1 << ENTRY_BITS;
const FIRST_ENTRIES = 1 << 14;
/** In place of a length: only the hash counts. */
const HASH_ONLY = -1;
/** Added to the length of a stretch that is not in ASCII. */
const RAW = 1 << 30;

const SPACE = 0x20;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class WordScanner {
  /** What this block has. Entries of earlier rounds are free. */
  #table = new Int32Array(FIRST_ENTRIES * ENTRY);
  #round = 0;
  #used = 0;
  /** The words, a space after each. */
  #words = new Uint8Array(256 * 1024);
  #wordsEnd = 0;
  /** Stretches that are not in ASCII, as they came, so that none is split twice. */
  #raw = new Uint8Array(16 * 1024);
  #rawEnd = 0;
  #numbers = new Uint32Array(4096);
  #numberCount = 0;
  /** What number-like words begin with. */
  readonly #stems = new Set<string>();
  /** The same for those of one letter, or none: the round in which they were added. */
  readonly #shortStems = new Int32Array(128);
  #setsNumbersApart = false;
  #hasLink = false;

  /**
   * Begins another block.
   *
   * @param setsNumbersApart Whether number-like words are only hashed.
   */
  begin(setsNumbersApart: boolean): void {
    this.#round++;
    this.#used = 0;
    this.#wordsEnd = 0;
    this.#rawEnd = 0;
    this.#numberCount = 0;
    this.#stems.clear();
    this.#setsNumbersApart = setsNumbersApart;
    this.#hasLink = false;
  }

  /** Whether any text seems to have a link in it. */
  get hasLink(): boolean {
    return this.#hasLink;
  }

  /** The words, a space after each. Good until the next call of a method. */
  get words(): Uint8Array {
    return this.#words.subarray(0, this.#wordsEnd);
  }

  /** The hashes of number-like words that were set apart. Good until the next call of a method. */
  get numbers(): Uint32Array {
    return this.#numbers.subarray(0, this.#numberCount);
  }

  /** Adds the words in a JSON text: those of names and numbers too. */
  scan(json: Uint8Array): void {
    const length = json.length;
    const round = this.#round;
    const setsNumbersApart = this.#setsNumbersApart;
    for (let at = 0; at < length;) {
      let byte = CLASSES[json[at]];
      if (byte === SEPARATOR) {
        at++;
        continue;
      }
      if (byte === BACKSLASH) {
        // What is escaped is no part of a word.
        at += json[at + 1] === SMALL_U ? 6 : 2;
        continue;
      }
      const start = at;
      let hash = 0;
      let all = 0;
      let digits = 0;
      do {
        hash = Math.imul(hash, 31) + byte | 0;
        all |= byte;
        digits |= byte - ABOVE_DIGITS;
        byte = CLASSES[json[++at]];
      } while (byte >= LETTER);
      hash = mix(hash);
      if (isBeforeLink(json, start, at)) this.#hasLink = true;
      if (all >= NOT_ASCII) {
        this.#addStretch(json.subarray(start, at), hash);
        continue;
      }
      const tag = digits < 0 && setsNumbersApart ? HASH_ONLY : at - start;
      const table = this.#table;
      const mask = table.length - 1;
      let entry = hash << ENTRY_BITS & mask;
      // Here rather than in a function of its own: this is where the time goes.
      for (; table[entry] === round; entry = entry + ENTRY & mask) {
        if (table[entry + 1] !== hash || table[entry + 3] !== tag) continue;
        if (tag === HASH_ONLY || isWord(this.#words, table[entry + 2], json, start, at)) break;
      }
      if (table[entry] === round) continue;
      this.#enter(entry, hash, this.#wordsEnd, tag);
      if (tag === HASH_ONLY) this.#addNumber(json, start, hash);
      else this.#addWord(json, start, at);
    }
  }

  /** Adds a word or mark that was not added before. */
  add(word: string): void {
    const bytes = encoder.encode(word);
    this.#words = withRoom(this.#words, this.#wordsEnd + bytes.length + 1);
    this.#words.set(bytes, this.#wordsEnd);
    this.#wordsEnd += bytes.length;
    this.#words[this.#wordsEnd++] = SPACE;
  }

  /** Adds a new word in ASCII, or the beginning of a long one. */
  #addWord(json: Uint8Array, start: number, wordEnd: number): void {
    const end = Math.min(wordEnd, start + MAX_WORD_BYTES);
    const words = this.#words = withRoom(this.#words, this.#wordsEnd + end - start + 1);
    let to = this.#wordsEnd;
    for (let at = start; at < end; at++) words[to++] = CLASSES[json[at]];
    words[to++] = SPACE;
    this.#wordsEnd = to;
  }

  /** Adds a new word with a digit by its hash. */
  #addNumber(json: Uint8Array, start: number, hash: number): void {
    this.#addHash(hash);
    let end = start;
    while (CLASSES[json[end]] >= SMALL_A) end++;
    // Nearly all begin with no letter or one, and a number is quicker to look up than a text.
    if (end - start < 2) {
      const letter = end === start ? 0 : CLASSES[json[start]];
      if (this.#shortStems[letter] === this.#round) return;
      this.#shortStems[letter] = this.#round;
    }
    this.#addStem(decoder.decode(json.subarray(start, end)).toLowerCase());
  }

  #addHash(hash: number): void {
    if (this.#numberCount === this.#numbers.length) {
      const larger = new Uint32Array(this.#numbers.length * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#numberCount++] = hash;
  }

  #addStem(letters: string): void {
    if (this.#stems.has(letters)) return;
    this.#stems.add(letters);
    this.add(stemMark(letters));
  }

  /** Adds the words of what stands between two separators, and is not all ASCII. */
  #addStretch(stretch: Uint8Array, hash: number): void {
    const tag = stretch.length | RAW;
    const table = this.#table;
    const mask = table.length - 1;
    let entry = hash << ENTRY_BITS & mask;
    for (; table[entry] === this.#round; entry = entry + ENTRY & mask) {
      if (table[entry + 1] !== hash || table[entry + 3] !== tag) continue;
      if (isSame(this.#raw, table[entry + 2], stretch)) return;
    }
    this.#enter(entry, hash, this.#rawEnd, tag);
    this.#raw = withRoom(this.#raw, this.#rawEnd + stretch.length);
    this.#raw.set(stretch, this.#rawEnd);
    this.#rawEnd += stretch.length;
    for (const word of wordsOf(fold(decoder.decode(stretch)))) {
      if (this.#setsNumbersApart && isNumberLike(word)) {
        this.#addHash(hashOfNumber(word));
        this.#addStem(/^[a-z]*/.exec(word)![0]);
      } else {
        this.add(indexedWord(word));
      }
    }
  }

  /** Fills an entry that was free. */
  #enter(entry: number, hash: number, at: number, tag: number): void {
    const table = this.#table;
    table[entry] = this.#round;
    table[entry + 1] = hash;
    table[entry + 2] = at;
    table[entry + 3] = tag;
    if (++this.#used * ENTRY * 2 > table.length) this.#grow();
  }

  #grow(): void {
    const small = this.#table;
    const table = this.#table = new Int32Array(small.length * 2);
    const mask = table.length - 1;
    for (let from = 0; from < small.length; from += ENTRY) {
      if (small[from] !== this.#round) continue;
      let entry = small[from + 1] << ENTRY_BITS & mask;
      while (table[entry] === this.#round) entry = entry + ENTRY & mask;
      table.set(small.subarray(from, from + ENTRY), entry);
    }
  }
}

function isSame(bytes: Uint8Array, at: number, other: Uint8Array): boolean {
  return other.every((byte, index) => bytes[at + index] === byte);
}

/** `bytes`, or a larger copy of them that has room for so many. */
function withRoom(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  if (length <= bytes.length) return bytes;
  const larger = new Uint8Array(Math.max(length, bytes.length * 2));
  larger.set(bytes);
  return larger;
}
