/**
 * The names that rooms with an owner had before they got another one. Such a name leads to the room,
 * whose rules are also those of the past under that name.
 *
 * @module
 */

import { nameKey } from "../name.ts";
import type { RoomRules } from "./room_rules.ts";

/** Names that a room may have had: each stays taken. */
export const MOST_FORMER_NAMES = 20;

interface FormerName {
  /** The rules of the room that has another name now. */
  readonly rules: RoomRules;
  /** The same for its past under this name. */
  readonly own: RoomRules;
}

export class FormerNames {
  /** By key of the former name. */
  readonly #names = new Map<string, FormerName>();

  /** The name that a room has now; a name that no room had before is returned as it is. */
  current(name: string): string {
    if (this.#names.size === 0) return name;
    return this.#names.get(nameKey(name))?.rules.name ?? name;
  }

  /** The rules for the past under a former name; `undefined` if it is none. */
  rules(key: string): RoomRules | undefined {
    return this.#names.size === 0 ? undefined : this.#names.get(key)?.own;
  }

  /** The rules for the pasts under all former names. */
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

/** The former names of a room once it gets another one. */
export function withFormerName(rules: RoomRules, next: string): readonly string[] {
  const key = nameKey(next);
  const others = (rules.formerly ?? []).filter((name) => nameKey(name) !== key);
  return [rules.name, ...others];
}
