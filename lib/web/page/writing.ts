/**
 * What is being written, and what keys do to it: completion, and going back to what one has said.
 * The field itself is `components/composer.tsx`.
 *
 * @module
 */

import {
  complete,
  type CompletionContext,
  type CompletionItem,
  type Completions,
  completionsAt,
} from "./completion.ts";

export interface WritingOptions {
  /** What was begun before. */
  readonly draft: string;
  /** What one has said, the newest last. */
  readonly said: readonly string[];
  context(): CompletionContext;
}

export class Writing {
  text: string;
  /** Where the caret is to be, after it was not the person who moved it. */
  caret: number | undefined;
  /** What the word before the caret may become, while that is shown. */
  completions: Completions | undefined;
  /** The number of the one that is chosen. */
  chosen = 0;
  readonly #options: WritingOptions;
  /** How far back one has gone in what one has said. */
  #back = 0;
  /** Where Tab goes on if it is pressed again. */
  #cycle: { readonly text: string; readonly completions: Completions; at: number } | undefined;

  constructor(options: WritingOptions) {
    this.#options = options;
    this.text = options.draft;
  }

  /** Somebody has typed. */
  typed(text: string, caret: number): void {
    this.text = text;
    this.caret = undefined;
    this.#back = 0;
    this.#cycle = undefined;
    this.chosen = 0;
    this.completions = completionsAt(text, caret, this.#options.context());
  }

  /** Does what a key says, if it says anything here; returns whether it did. */
  key(key: string, caret: number): boolean {
    return (this.completions !== undefined && this.#listKey(key, this.completions)) ||
      this.#fieldKey(key, caret);
  }

  accept(completion: CompletionItem): void {
    if (!this.completions) return;
    const { text, caret } = complete(this.text, this.completions, completion);
    this.set(text, caret);
  }

  /** Shows no completions any more. */
  closeList(): void {
    this.completions = undefined;
  }

  set(text: string, caret = text.length): void {
    this.text = text;
    this.caret = caret;
    this.completions = undefined;
    this.chosen = 0;
  }

  #listKey(key: string, { items, kind, start, end }: Completions): boolean {
    switch (key) {
      case "ArrowDown":
      case "ArrowUp": {
        const step = key === "ArrowDown" ? 1 : -1;
        this.chosen = (this.chosen + step + items.length) % items.length;
        return true;
      }
      case "Enter": {
        const typed = this.text.slice(start, end);
        // A command that is there as a whole is run, not completed.
        if (kind === "command" && items.some(({ insert }) => insert.trim() === typed)) return false;
        if (this.chosen === 0 && typed === "@") return false;
        this.accept(items[this.chosen]);
        return true;
      }
      case "Tab":
        this.accept(items[this.chosen]);
        return true;
      case "Escape":
        this.closeList();
        return true;
    }
    return false;
  }

  #fieldKey(key: string, caret: number): boolean {
    const { said } = this.#options;
    if (key === "Tab") return this.#completeName(caret);
    if (key === "ArrowUp" && (this.text === "" || this.#back > 0)) {
      this.#back = Math.min(said.length, this.#back + 1);
    } else if (key === "ArrowDown" && this.#back > 0) this.#back--;
    else return false;
    this.set(this.#back === 0 ? "" : said[said.length - this.#back]);
    return true;
  }

  /** The beginning of a name becomes the name; once more, the next one that begins so. */
  #completeName(caret: number): boolean {
    if (this.#cycle) this.#cycle.at = (this.#cycle.at + 1) % this.#cycle.completions.items.length;
    else {
      const completions = completionsAt(this.text, caret, this.#options.context(), true);
      if (!completions) return false;
      this.#cycle = { text: this.text, completions, at: 0 };
    }
    const { text, completions, at } = this.#cycle;
    const completed = complete(text, completions, completions.items[at]);
    this.set(completed.text, completed.caret);
    return true;
  }
}
