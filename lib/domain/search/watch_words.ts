/**
 * Words that somebody watches for in what others say and in log lines. They are compared as a search
 * compares them, so `db3` is found in `DB3.example.com` and not in `db34`.
 *
 * @module
 */

import { characterCount } from "../character_count.ts";
import type { RoomEvent } from "../room_event.ts";
import { fold, FoldedText, type Phrase, type TextRange, wordsOf } from "./words.ts";

const MOST_WORDS = 20;
const MOST_CHARACTERS = 32;
/** Kinds of events that are searched. */
const WATCHED: ReadonlySet<string> = new Set(["message", "action", "log"]);

export class WatchWords {
  static readonly most = MOST_WORDS;
  static readonly none = new WatchWords([]);
  /** As they were written, with commas. */
  readonly text: string;
  readonly #phrases: readonly Phrase[];

  private constructor(words: readonly string[]) {
    this.text = words.join(",");
    this.#phrases = words.map((word) => ({ words: wordsOf(fold(word)), isPrefix: false }));
  }

  /** Parses words with commas or spaces between them; `undefined` if there are too many or bad ones. */
  static parse(text: string): WatchWords | undefined {
    const words = [...new Set(text.split(/[\s,]+/).filter((word) => word !== ""))];
    const areGood = words.every((word) =>
      characterCount(word) <= MOST_CHARACTERS && wordsOf(fold(word)).length > 0
    );
    return areGood && words.length > 0 && words.length <= MOST_WORDS
      ? new WatchWords(words)
      : undefined;
  }

  get isEmpty(): boolean {
    return this.#phrases.length === 0;
  }

  /**
   * Whether a text may hold any of them. Takes no longer for a longer text.
   *
   * @param words All words of the text, folded.
   */
  mayBeAmong(words: ReadonlySet<string>): boolean {
    return this.#phrases.some(({ words: [first] }) => words.has(first));
  }

  /** Whether any of them is in something said or logged. */
  areIn({ kind, body }: Pick<RoomEvent, "kind" | "body">): boolean {
    return WATCHED.has(kind) && this.find(body).length > 0;
  }

  /** Where they are in a text, in order; ranges may overlap. */
  find(text: string): TextRange[] {
    if (this.isEmpty) return [];
    const folded = new FoldedText(text);
    return this.#phrases.flatMap((phrase) => folded.find(phrase)).sort((a, b) => a.start - b.start);
  }
}
