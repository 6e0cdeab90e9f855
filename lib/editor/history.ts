/**
 * The history of lines typed, recalled with the arrow keys and Ctrl-R.
 *
 * @module
 */

const MAX_LINES = 100;
const MAX_CHARACTERS = 16 * 1024;

/** One person's lines, oldest first, and a position in them. */
export class History {
  readonly #lines: string[] = [];
  #characters = 0;
  /** Index of the line shown; the number of lines while the draft is shown. */
  #place = 0;
  /** The unfinished line, kept while older ones are shown. */
  #draft = "";

  get length(): number {
    return this.#lines.length;
  }

  /** Appends a line unless it repeats the last one, and returns to the end of the history. */
  add(line: string): void {
    if (line !== "" && line !== this.#lines.at(-1)) {
      this.#lines.push(line);
      this.#characters += line.length;
    }
    while (this.#lines.length > MAX_LINES || this.#characters > MAX_CHARACTERS) {
      this.#characters -= this.#lines.shift()!.length;
    }
    this.#place = this.#lines.length;
    this.#draft = "";
  }

  /**
   * Returns the line before the one shown; `undefined` at the start. The first step back keeps
   * `shown` as the draft.
   */
  back(shown: string): string | undefined {
    if (this.#place === 0) return undefined;
    if (this.#place === this.#lines.length) this.#draft = shown;
    return this.#lines[--this.#place];
  }

  /** Returns the line after the one shown, the draft last; `undefined` at the end. */
  forward(): string | undefined {
    if (this.#place === this.#lines.length) return undefined;
    return this.#lines[++this.#place] ?? this.#draft;
  }

  /** Finds the latest line before index `before` that contains `query`. */
  find(
    query: string,
    before: number,
  ): { readonly line: string; readonly index: number } | undefined {
    for (let index = Math.min(before, this.#lines.length) - 1; index >= 0; index--) {
      const line = this.#lines[index];
      if (includes(line, query)) return { line, index };
    }
    return undefined;
  }
}

/** Smart case: a query without upper case ignores case. */
function includes(line: string, query: string): boolean {
  return query === query.toLowerCase() ? line.toLowerCase().includes(query) : line.includes(query);
}
