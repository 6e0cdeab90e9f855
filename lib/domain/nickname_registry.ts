/**
 * Who is here under which name. A name belongs to one person at a time, and so do all names that
 * look like it.
 *
 * @module
 */

import { DomainError } from "./domain_error.ts";
import { nameKey, NICKNAME_RULES, parseName } from "./name.ts";

/** Names in use, each with its holder. */
export class NicknameRegistry<Holder> {
  readonly #holders = new Map<string, Holder>();
  readonly #reserved: ReadonlySet<string>;

  /** @param reserved Names that nobody may take, because they would read as the server's own words. */
  constructor(reserved: Iterable<string> = []) {
    this.#reserved = new Set([...reserved].map(nameKey));
  }

  /** How many names are in use. */
  get size(): number {
    return this.#holders.size;
  }

  /**
   * The name in `text`, as it would be shown, if nobody has it.
   *
   * @throws {DomainError} `bad-name`, `name-reserved` or `name-in-use`.
   */
  check(text: string, holder?: Holder): string {
    const name = parseName(text, NICKNAME_RULES);
    const key = nameKey(name);
    if (this.#reserved.has(key)) {
      throw new DomainError("name-reserved", `The name ${name} is reserved. Choose another.`);
    }
    const current = this.#holders.get(key);
    if (current !== undefined && current !== holder) {
      throw new DomainError(
        "name-in-use",
        `The name ${name} is in use, or looks like one that is. Try ${this.#alternative(name)}.`,
      );
    }
    return name;
  }

  /**
   * Takes the name in `text` for `holder`, giving up `previous`, and returns it as it is shown.
   *
   * @throws {DomainError} as {@linkcode NicknameRegistry.check}; `previous` is then kept.
   */
  claim(text: string, holder: Holder, previous?: string): string {
    const name = this.check(text, holder);
    if (previous !== undefined) this.#holders.delete(nameKey(previous));
    this.#holders.set(nameKey(name), holder);
    return name;
  }

  /** Gives a name up. */
  release(name: string): void {
    this.#holders.delete(nameKey(name));
  }

  /** Who has the name, compared without case, if anyone. */
  find(name: string): Holder | undefined {
    return this.#holders.get(nameKey(name));
  }

  #alternative(name: string): string {
    const stem = [...name].slice(0, NICKNAME_RULES.maxLength - 4).join("");
    let number = 2;
    while (number < 999 && this.#holders.has(nameKey(`${stem}${number}`))) number++;
    return `${stem}${number}`;
  }
}
