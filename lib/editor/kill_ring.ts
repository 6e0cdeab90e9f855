/**
 * The kill ring: text cut from lines, to be yanked back.
 *
 * @module
 */

const MAX_ENTRIES = 16;
const MAX_CHARACTERS = 8 * 1024;

export class KillRing {
  /** The latest first. */
  readonly #entries: string[] = [];

  /**
   * Adds a text.
   *
   * @param join The side of the latest entry to join it to; by default it is an entry of its own.
   */
  add(text: string, join?: "before" | "after"): void {
    if (text === "") return;
    if (join === undefined || this.#entries.length === 0) this.#entries.unshift(text);
    else this.#entries[0] = join === "before" ? text + this.#entries[0] : this.#entries[0] + text;
    let characters = 0;
    const tooMany = this.#entries.findIndex((entry) =>
      (characters += entry.length) > MAX_CHARACTERS
    );
    this.#entries.splice(tooMany === -1 ? MAX_ENTRIES : Math.max(1, tooMany));
  }

  /** The latest entry; `""` if there is none. */
  get latest(): string {
    return this.#entries[0] ?? "";
  }

  /** Makes the second entry the latest, and the latest the oldest. */
  rotate(): void {
    const first = this.#entries.shift();
    if (first !== undefined) this.#entries.push(first);
  }
}
