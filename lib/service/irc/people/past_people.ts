/**
 * The people who have left or changed their name, for WHOWAS.
 *
 * @module
 */

import { nameKey } from "../../../domain/name.ts";
import { globMatches, isGlob } from "../../../domain/text/glob.ts";

/** Somebody under a name that they no longer have. */
export interface PastPerson {
  /** As on IRC. */
  readonly nick: string;
  readonly user: string;
  readonly host: string;
  readonly realname: string;
  /** The IP address, for operators. */
  readonly address?: string;
  /** Until when they had the name, in milliseconds since 1970. */
  readonly until: number;
}

/** How many are remembered, which bounds the work of a search too. */
const MAX_REMEMBERED = 1000;

/** Remembers those who had a name last. */
export class PastPeople {
  readonly #people: PastPerson[] = [];
  /** Where the next one goes. */
  #next = 0;

  add(person: PastPerson): void {
    this.#people[this.#next] = person;
    this.#next = (this.#next + 1) % MAX_REMEMBERED;
  }

  /**
   * Finds people, the latest first.
   *
   * @param nick A nickname, or a mask.
   * @param limit Most people to find; 0 or less for all.
   */
  find(nick: string, limit = 0): PastPerson[] {
    const key = nameKey(nick);
    const isWanted = isGlob(nick)
      ? (other: string) => globMatches(key, other)
      : (other: string) => other === key;
    const found: PastPerson[] = [];
    const { length } = this.#people;
    for (let back = 1; back <= length; back++) {
      const person = this.#people[(this.#next - back + length) % length];
      if (!isWanted(nameKey(person.nick))) continue;
      found.push(person);
      if (found.length === limit) break;
    }
    return found;
  }
}
