/**
 * Ctrl-R: incremental search through the history, backwards.
 *
 * @module
 */

import { graphemeBoundary } from "../codec/grapheme.ts";
import type { History } from "./history.ts";

export class HistorySearch {
  readonly #history: History;
  #query = "";
  #line: string | undefined;
  #index: number;

  constructor(history: History) {
    this.#history = history;
    this.#index = history.length;
  }

  /** The match; `undefined` if there is none. */
  get line(): string | undefined {
    return this.#line;
  }

  get prompt(): string {
    const isMissing = this.#query !== "" && this.#line === undefined;
    return `${isMissing ? "no match for" : "search"} "${this.#query}":`;
  }

  /** Where the match is in the line. */
  get cursor(): number {
    const line = this.#line ?? "";
    const at = line.toLowerCase().lastIndexOf(this.#query.toLowerCase());
    return graphemeBoundary(line, Math.max(0, Math.min(at, line.length)));
  }

  /** Extends the query; returns whether a line matches. */
  type(text: string): boolean {
    return this.#find(this.#query + text, this.#index + 1);
  }

  /** Removes the last character of the query, and searches again from the latest line. */
  backspace(): void {
    this.#find([...this.#query].slice(0, -1).join(""), this.#history.length);
  }

  /** Moves to an older match; returns whether there is one. */
  next(): boolean {
    const { line, index } = { line: this.#line, index: this.#index };
    if (this.#find(this.#query, index)) return true;
    this.#line = line;
    this.#index = index;
    return false;
  }

  #find(query: string, before: number): boolean {
    this.#query = query;
    const found = query === "" ? undefined : this.#history.find(query, before);
    this.#line = found?.line;
    if (found) this.#index = found.index;
    if (query === "") this.#index = this.#history.length;
    return found !== undefined;
  }
}
