/**
 * The lines typed so far, to go back to.
 *
 * @module
 */

const MAX_LINES = 100;
const MAX_CHARACTERS = 16 * 1024;

/** One person's lines, oldest first, and a place among them. */
export class History {
  readonly #lines: string[] = [];
  #characters = 0;
  /** The line being shown; the number of lines for the one that is being typed. */
  #place = 0;
  /** What was being typed when going back began. */
  #draft = "";

  /** How many lines there are. */
  get length(): number {
    return this.#lines.length;
  }

  /** Keeps a line, unless it is that of the last time, and is at the end again. */
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

  /** The line before the one shown; `undefined` where there is none. `shown` is not lost. */
  back(shown: string): string | undefined {
    if (this.#place === 0) return undefined;
    if (this.#place === this.#lines.length) this.#draft = shown;
    return this.#lines[--this.#place];
  }

  /** The line after the one shown, the one being typed at last; `undefined` at the end. */
  forward(): string | undefined {
    if (this.#place === this.#lines.length) return undefined;
    return this.#lines[++this.#place] ?? this.#draft;
  }

  /** The latest line before number `before` that has `part` in it, and its number. */
  find(
    part: string,
    before: number,
  ): { readonly line: string; readonly number: number } | undefined {
    for (let number = Math.min(before, this.#lines.length) - 1; number >= 0; number--) {
      const line = this.#lines[number];
      if (includes(line, part)) return { line, number };
    }
    return undefined;
  }
}

/** Upper case is only looked at where it was typed. */
function includes(line: string, part: string): boolean {
  return part === part.toLowerCase() ? line.toLowerCase().includes(part) : line.includes(part);
}
