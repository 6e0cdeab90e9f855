/**
 * What was cut out of lines last, to be put in again.
 *
 * @module
 */

const MAX_ENTRIES = 16;
const MAX_CHARACTERS = 8 * 1024;

/** The latest first. */
export class KillRing {
  readonly #entries: string[] = [];

  /**
   * Keeps what was cut out.
   *
   * @param join Where it belongs to what was cut out directly before: on which side of that.
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

  /** What was cut out last; `""` for nothing. */
  get latest(): string {
    return this.#entries[0] ?? "";
  }

  /** Makes what was cut out before that the latest, and the latest the oldest. */
  rotate(): void {
    const first = this.#entries.shift();
    if (first !== undefined) this.#entries.push(first);
  }
}
