/**
 * Collects the distinct words of a block from the stored texts of its rows, without parsing them.
 *
 * The words are those of `domain/search/words.ts`. ASCII text, nearly everything, is split here byte by
 * byte, in UTF-8; other stretches are passed to that module. Splitting everything there took 5.0 µs
 * of CPU a line for all of indexing instead of 2.3 (2 million lines of 84 bytes, one core).
 *
 * @module
 */

import { searchableJson } from "../../../domain/search/searchable_text.ts";
import { fold, wordsOf } from "../../../domain/search/words.ts";
import {
  hashOfNumber,
  indexedWord,
  isNumberLike,
  MAX_WORD_BYTES,
  mix,
  prefixMark,
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
  SMALL_R,
  SMALL_U,
} from "./json_bytes.ts";

/** Integers in each entry of the hash table: round, hash, offset of the bytes, length. */
const ENTRY_BITS = 2;
const ENTRY = 1 << ENTRY_BITS;
const FIRST_ENTRIES = 1 << 14;
/** In place of a length: the entry is only a hash. */
const HASH_ONLY = -1;
/** Added to the length of a stretch that is not ASCII. */
const RAW = 1 << 30;

/** Most bytes of a UTF-16 code unit in UTF-8. */
const MOST_BYTES = 3;

const SPACE = 0x20;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class WordScanner {
  /** The words of this block. Entries of earlier rounds are free. */
  #table = new Int32Array(FIRST_ENTRIES * ENTRY);
  #round = 0;
  #used = 0;
  /** The words, a space after each. */
  #words = new Uint8Array(256 * 1024);
  #wordsEnd = 0;
  /** Stretches that are not ASCII, unchanged, so that none is split twice. */
  #raw = new Uint8Array(16 * 1024);
  #rawEnd = 0;
  /** The text that is scanned, in UTF-8. */
  #json = new Uint8Array(64 * 1024);
  #numbers = new Uint32Array(4096);
  #numberCount = 0;
  /** The letters that number-like words begin with. */
  readonly #prefixes = new Set<string>();
  /** For prefixes of one letter or none: the round in which they were added. */
  readonly #shortPrefixes = new Int32Array(128);
  #hashesNumbers = false;
  #hasLink = false;
  /** Whether the current text has escapes that may be control characters. */
  #hasControls = false;

  /**
   * Begins another block.
   *
   * @param hashesNumbers Whether number-like words are hashed instead of collected.
   */
  begin(hashesNumbers: boolean): void {
    this.#round++;
    this.#used = 0;
    this.#wordsEnd = 0;
    this.#rawEnd = 0;
    this.#numberCount = 0;
    this.#prefixes.clear();
    this.#hashesNumbers = hashesNumbers;
    this.#hasLink = false;
  }

  /** Whether any text seems to contain a link. */
  get hasLink(): boolean {
    return this.#hasLink;
  }

  /** The words, each followed by a space. Valid until the next method call. */
  get words(): Uint8Array {
    return this.#words.subarray(0, this.#wordsEnd);
  }

  /** The hashes of number-like words, if they are hashed. Valid until the next method call. */
  get numbers(): Uint32Array {
    return this.#numbers.subarray(0, this.#numberCount);
  }

  /** Adds the words of a JSON text, including those of keys and numbers. */
  scan(json: string): void {
    this.#hasControls = false;
    this.#scan(json);
    // Without its colours a text may have other words. To have both kinds is harmless.
    if (this.#hasControls) this.#scan(searchableJson(json));
  }

  #scan(text: string): void {
    this.#json = withRoom(this.#json, text.length * MOST_BYTES);
    const { written: length } = encoder.encodeInto(text, this.#json);
    const json = this.#json.subarray(0, length);
    const round = this.#round;
    const hashesNumbers = this.#hashesNumbers;
    for (let at = 0; at < length;) {
      let byte = CLASSES[json[at]];
      if (byte === SEPARATOR) {
        at++;
        continue;
      }
      if (byte === BACKSLASH) {
        // An escaped character is never part of a word.
        const escaped = json[at + 1];
        if (escaped === SMALL_R || escaped === SMALL_U) this.#hasControls = true;
        at += escaped === SMALL_U ? 6 : 2;
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
      const tag = digits < 0 && hashesNumbers ? HASH_ONLY : at - start;
      const table = this.#table;
      const mask = table.length - 1;
      let entry = hash << ENTRY_BITS & mask;
      // Inlined, because most of the time is spent here.
      for (; table[entry] === round; entry = entry + ENTRY & mask) {
        if (table[entry + 1] !== hash || table[entry + 3] !== tag) continue;
        if (tag === HASH_ONLY) break;
        // Of a long word there is only the beginning to compare.
        const end = Math.min(at, start + MAX_WORD_BYTES);
        if (isWord(this.#words, table[entry + 2], json, start, end)) break;
      }
      if (table[entry] === round) continue;
      this.#enter(entry, hash, this.#wordsEnd, tag);
      if (tag === HASH_ONLY) this.#addNumber(json, start, hash);
      else this.#addWord(json, start, at);
    }
  }

  /** Adds a word or mark that is not there yet. */
  add(word: string): void {
    const bytes = encoder.encode(word);
    this.#words = withRoom(this.#words, this.#wordsEnd + bytes.length + 1);
    this.#words.set(bytes, this.#wordsEnd);
    this.#wordsEnd += bytes.length;
    this.#words[this.#wordsEnd++] = SPACE;
  }

  /** Adds a new ASCII word, cut if it is long. */
  #addWord(json: Uint8Array, start: number, wordEnd: number): void {
    const end = Math.min(wordEnd, start + MAX_WORD_BYTES);
    const words = this.#words = withRoom(this.#words, this.#wordsEnd + end - start + 1);
    let to = this.#wordsEnd;
    for (let at = start; at < end; at++) words[to++] = CLASSES[json[at]];
    words[to++] = SPACE;
    this.#wordsEnd = to;
  }

  /** Adds the hash of a new number-like word, and the mark of its prefix. */
  #addNumber(json: Uint8Array, start: number, hash: number): void {
    this.#addHash(hash);
    let end = start;
    while (CLASSES[json[end]] >= SMALL_A) end++;
    // Nearly all have no letter or one, and an integer is faster to look up than a string.
    if (end - start < 2) {
      const letter = end === start ? 0 : CLASSES[json[start]];
      if (this.#shortPrefixes[letter] === this.#round) return;
      this.#shortPrefixes[letter] = this.#round;
    }
    this.#addPrefix(decoder.decode(json.subarray(start, end)).toLowerCase());
  }

  #addHash(hash: number): void {
    if (this.#numberCount === this.#numbers.length) {
      const larger = new Uint32Array(this.#numbers.length * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#numberCount++] = hash;
  }

  #addPrefix(letters: string): void {
    if (this.#prefixes.has(letters)) return;
    this.#prefixes.add(letters);
    this.add(prefixMark(letters));
  }

  /** Adds the words of a stretch between two separators that is not all ASCII. */
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
      if (this.#hashesNumbers && isNumberLike(word)) {
        this.#addHash(hashOfNumber(word));
        this.#addPrefix(/^[a-z]*/.exec(word)![0]);
      } else {
        this.add(indexedWord(word));
      }
    }
  }

  /** Fills a free entry. */
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

/** `bytes`, or a larger copy if they do not have this length. */
function withRoom(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  if (length <= bytes.length) return bytes;
  const larger = new Uint8Array(Math.max(length, bytes.length * 2));
  larger.set(bytes);
  return larger;
}
