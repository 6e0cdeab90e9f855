/**
 * The text in the message field, with completion and input history. The field itself is
 * `components/composer.tsx`.
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

export interface ComposerModelOptions {
  readonly draft: string;
  /** Texts sent before, the newest last. */
  readonly history: readonly string[];
  context(): CompletionContext;
}

export class ComposerModel {
  text: string;
  /** Where to put the caret after a change that the user did not type. */
  caret: number | undefined;
  /** The completions in the list, while it is open. */
  completions: Completions | undefined;
  /** Index of the selected completion. */
  chosen = 0;
  readonly #options: ComposerModelOptions;
  /** Steps back in the history; 0 for the draft. */
  #back = 0;
  /** The completion of the last Tab, which the next Tab replaces. */
  #cycle: { readonly text: string; readonly completions: Completions; at: number } | undefined;

  constructor(options: ComposerModelOptions) {
    this.#options = options;
    this.text = options.draft;
  }

  /** Takes what the user typed. */
  typed(text: string, caret: number): void {
    this.text = text;
    this.caret = undefined;
    this.#back = 0;
    this.#cycle = undefined;
    this.chosen = 0;
    this.completions = completionsAt(text, caret, this.#options.context());
  }

  /** Handles a key; returns whether it did anything. */
  key(key: string, caret: number): boolean {
    return (this.completions !== undefined && this.#listKey(key, this.completions)) ||
      this.#fieldKey(key, caret);
  }

  accept(completion: CompletionItem): void {
    if (!this.completions) return;
    const { text, caret } = complete(this.text, this.completions, completion);
    this.set(text, caret);
  }

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
        // Enter runs a complete command instead of completing it.
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
    const { history } = this.#options;
    if (key === "Tab") return this.#completeName(caret);
    if (key === "ArrowUp" && (this.text === "" || this.#back > 0)) {
      this.#back = Math.min(history.length, this.#back + 1);
    } else if (key === "ArrowDown" && this.#back > 0) this.#back--;
    else return false;
    this.set(this.#back === 0 ? "" : history[history.length - this.#back]);
    return true;
  }

  /** Completes a name; repeated, cycles through the other matches. */
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
