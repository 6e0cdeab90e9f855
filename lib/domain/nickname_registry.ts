/**
 * The nicknames in use. A name belongs to one holder at a time, and with it all names that look like
 * it.
 *
 * @module
 */

import { DomainError } from "./domain_error.ts";
import { nameKey, NICKNAME_RULES, parseName } from "./name.ts";

/** Maps names in use to their holders. */
export class NicknameRegistry<Holder> {
  readonly #holders = new Map<string, Holder>();
  readonly #reserved: ReadonlySet<string>;
  readonly #refusal: (name: string, holder: Holder | undefined) => DomainError | undefined;

  /**
   * @param reserved Names that nobody may take, because they would look like the server's.
   * @param refusal Why somebody may not use a name, even if nobody has it.
   */
  constructor(
    reserved: Iterable<string> = [],
    refusal: (name: string, holder: Holder | undefined) => DomainError | undefined = () =>
      undefined,
  ) {
    this.#reserved = new Set([...reserved].map(nameKey));
    this.#refusal = refusal;
  }

  /** The number of names in use. */
  get size(): number {
    return this.#holders.size;
  }

  /** Who has a name. */
  get holders(): Iterable<Holder> {
    return this.#holders.values();
  }

  /**
   * Checks that nobody else has a name; returns it as it would be shown.
   *
   * @throws {DomainError} `bad-name`, `name-reserved`, `name-in-use`, or what the owner of the
   * registry has against it.
   */
  check(text: string, holder?: Holder): string {
    const name = parseName(text, NICKNAME_RULES);
    const key = nameKey(name);
    if (this.#reserved.has(key)) {
      throw new DomainError("name-reserved", `The name ${name} is reserved. Choose another.`);
    }
    const refusal = this.#refusal(name, holder);
    if (refusal) throw refusal;
    const current = this.#holders.get(key);
    if (current !== undefined && current !== holder) {
      throw new DomainError(
        "name-in-use",
        `The name ${name} is in use, or looks like one that is. Try ${this.alternative(name)}.`,
      );
    }
    return name;
  }

  /**
   * Takes a name for `holder` and releases `previous`; returns the name as it is shown.
   *
   * @throws {DomainError} As {@linkcode NicknameRegistry.check}; `previous` is kept then.
   */
  claim(text: string, holder: Holder, previous?: string): string {
    const name = this.check(text, holder);
    if (previous !== undefined) this.#holders.delete(nameKey(previous));
    this.#holders.set(nameKey(name), holder);
    return name;
  }

  release(name: string): void {
    this.#holders.delete(nameKey(name));
  }

  /** The holder of a name, compared without case. */
  find(name: string): Holder | undefined {
    return this.#holders.get(nameKey(name));
  }

  /** A name like `name` that is free. */
  alternative(name: string): string {
    const stem = [...name].slice(0, NICKNAME_RULES.maxLength - 4).join("");
    let number = 2;
    while (number < 999 && !this.#isFree(`${stem}${number}`)) number++;
    return `${stem}${number}`;
  }

  #isFree(name: string): boolean {
    return !this.#holders.has(nameKey(name)) && !this.#refusal(name, undefined);
  }
}
