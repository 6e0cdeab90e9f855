/**
 * The nicknames in use. A name belongs to one holder at a time, and with it all names that look like
 * it.
 *
 * @module
 */

import { DomainError } from "./domain_error.ts";
import { nameKey, NICKNAME_RULES, parseName } from "./name.ts";

/** A name that has been given up, and that somebody else may have once that is known. */
interface Leaving<Holder> {
  readonly holder: Holder;
  readonly isOver: Promise<unknown>;
}

/** Maps names in use to their holders. */
export class NicknameRegistry<Holder> {
  readonly #holders = new Map<string, Holder>();
  /** Names that have been given up, and are not free yet. */
  readonly #leaving = new Map<string, Leaving<Holder>>();
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
    const current = this.#holders.get(key) ?? this.#leaving.get(key)?.holder;
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
   * @param known As for {@linkcode NicknameRegistry.release}.
   * @throws {DomainError} As {@linkcode NicknameRegistry.check}; `previous` is kept then.
   */
  claim(text: string, holder: Holder, previous?: string, known?: Promise<unknown>): string {
    const name = this.check(text, holder);
    const key = nameKey(name);
    // Somebody at another node may have it already.
    const hasPrevious = previous !== undefined && this.find(previous) === holder;
    if (hasPrevious && nameKey(previous) !== key) this.release(previous, known);
    this.#leaving.delete(key);
    this.#holders.set(key, holder);
    return name;
  }

  /** Gives a name to somebody at another node of a cluster, where all nodes have agreed to it. */
  place(name: string, holder: Holder): void {
    const key = nameKey(name);
    this.#leaving.delete(key);
    this.#holders.set(key, holder);
  }

  /**
   * Releases a name.
   *
   * @param known Resolves once everybody has been told of the change: until then, somebody else of
   * that name would be taken for the one who has given it up. @default {they know already}
   */
  release(name: string, known?: Promise<unknown>): void {
    const key = nameKey(name);
    const holder = this.#holders.get(key);
    this.#holders.delete(key);
    if (holder === undefined || !known) return;
    const leaving: Leaving<Holder> = {
      holder,
      isOver: known.finally(() => {
        if (this.#leaving.get(key) === leaving) this.#leaving.delete(key);
      }),
    };
    this.#leaving.set(key, leaving);
  }

  /** What to await before a name that has just been given up is free, if that is so. */
  untilFree(name: string): Promise<unknown> | undefined {
    return this.#leaving.get(nameKey(name))?.isOver;
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
    const key = nameKey(name);
    return !this.#holders.has(key) && !this.#leaving.has(key) && !this.#refusal(name, undefined);
  }
}
