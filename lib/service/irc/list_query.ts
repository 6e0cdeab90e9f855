/**
 * What LIST asks for: names, masks and conditions (`ELIST=CMNTU`).
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import { globMatches, isGlob } from "../../domain/text/glob.ts";

/** What LIST can ask about a room. */
export interface ListedRoom {
  /** The channel, e.g. `#lobby`. */
  readonly channel: string;
  readonly people: number;
  /** When its first event happened, in milliseconds since 1970; looked up only if it is needed. */
  readonly createdAt?: number;
  /** When its topic was set; `undefined` if it has none. */
  readonly topicAt?: number;
  /** Whether it was found by one of {@linkcode ListQuery.names}, perhaps a former one. */
  readonly isNamed?: boolean;
}

/** Elements of one LIST that are looked at. */
const MAX_ELEMENTS = 20;
const MS_PER_MINUTE = 60_000;
const CONDITION = /^([CT]?)([<>])(\d{1,9})$/i;

type Test = (room: ListedRoom) => boolean;

/** A parsed query. */
export class ListQuery {
  /** Channels that are asked for by name; if there are only these, no other need be looked at. */
  readonly names: readonly string[];
  readonly hasOnlyNames: boolean;
  /** Whether {@linkcode ListedRoom.createdAt} is needed. */
  readonly needsCreation: boolean = false;
  readonly #masks: string[] = [];
  readonly #tests: Test[] = [];

  /**
   * @param text The first parameter: elements between commas. A room must fulfil all conditions,
   * and match one of the names and masks if there are any.
   * @param now In milliseconds since 1970.
   */
  constructor(text: string, now: number) {
    const names: string[] = [];
    for (const element of text.split(",", MAX_ELEMENTS)) {
      if (element === "") continue;
      const [, about, sign, number] = CONDITION.exec(element) ?? [];
      if (sign !== undefined) {
        this.#tests.push(condition(about.toUpperCase(), sign === "<", Number(number), now));
        if (about.toUpperCase() === "C") this.needsCreation = true;
      } else if (element.startsWith("!")) {
        const mask = nameKey(element.slice(1));
        this.#tests.push(({ channel }) => !globMatches(mask, nameKey(channel)));
      } else if (isGlob(element)) {
        this.#masks.push(nameKey(element));
      } else {
        names.push(element);
      }
    }
    this.names = names;
    this.hasOnlyNames = names.length > 0 && this.#masks.length === 0;
  }

  matches(room: ListedRoom): boolean {
    return (room.isNamed || this.#isNamed(nameKey(room.channel))) &&
      this.#tests.every((test) => test(room));
  }

  #isNamed(key: string): boolean {
    if (this.names.length === 0 && this.#masks.length === 0) return true;
    return this.names.some((name) => nameKey(name) === key) ||
      this.#masks.some((mask) => globMatches(mask, key));
  }
}

/** A condition on the people of a room, or the minutes since it or its topic came to be. */
function condition(about: string, isLess: boolean, limit: number, now: number): Test {
  const compare = (value: number) => isLess ? value < limit : value > limit;
  if (about === "") return ({ people }) => compare(people);
  return ({ createdAt, topicAt }) => {
    const time = about === "C" ? createdAt : topicAt;
    return time !== undefined && compare((now - time) / MS_PER_MINUTE);
  };
}
