/**
 * The former names of registered rooms. A former name leads to the renamed room, whose rules also
 * govern the history under that name.
 *
 * @module
 */

import { nameKey } from "../../name.ts";
import type { RoomRules } from "./room_rules.ts";

/** Former names that a room may have. Limited, because each stays reserved. */
export const MOST_FORMER_NAMES = 20;

interface FormerName {
  /** The rules of the renamed room. */
  readonly rules: RoomRules;
  /** The same rules, as they apply to the history under the former name. */
  readonly own: RoomRules;
}

export class FormerNames {
  /** By key of the former name. */
  readonly #names = new Map<string, FormerName>();

  /** The current name of a room; a name that is no former name is returned unchanged. */
  current(name: string): string {
    if (this.#names.size === 0) return name;
    return this.#names.get(nameKey(name))?.rules.name ?? name;
  }

  /** The rules for the history under a former name; `undefined` if the name is no former name. */
  rules(key: string): RoomRules | undefined {
    return this.#names.size === 0 ? undefined : this.#names.get(key)?.own;
  }

  /** The rules for the history under every former name. */
  get all(): Iterable<RoomRules> {
    return this.#names.size === 0 ? [] : Array.from(this.#names.values(), ({ own }) => own);
  }

  /** Notes that the rules of a room have changed. */
  note(before: RoomRules | undefined, after: RoomRules | undefined): void {
    for (const name of before?.formerly ?? []) {
      const key = nameKey(name);
      if (this.#names.get(key)?.rules === before) this.#names.delete(key);
    }
    for (const name of after?.formerly ?? []) {
      this.#names.set(nameKey(name), { rules: after!, own: { ...after!, name } });
    }
  }
}

/** The former names of a room after it is renamed to `next`. */
export function withFormerName(rules: RoomRules, next: string): readonly string[] {
  const key = nameKey(next);
  const others = (rules.formerly ?? []).filter((name) => nameKey(name) !== key);
  return [rules.name, ...others];
}
