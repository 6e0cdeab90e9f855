/**
 * The rooms that a search may look at, in a form that can be sent to another thread.
 *
 * @module
 */

import { nameKey } from "../name.ts";
import { DIRECT_SIGN, isPartyTo } from "./direct_room.ts";

export interface SearchScope {
  /** Key of the account on whose behalf it is; rooms of two are only found by the two. */
  readonly account?: string;
  /** Keys of rooms to leave out. */
  readonly hidden: readonly string[];
  /** Keys of the only rooms to look at. @default {all} */
  readonly only?: readonly string[];
}

/** The scope of the operator on the machine. */
export const WHOLE_LOG: SearchScope = { hidden: [] };

/** Returns a function that tells whether a room is in the scope. It remembers its answers. */
export function scopeTest(scope: SearchScope): (room: string) => boolean {
  if (scope === WHOLE_LOG) return () => true;
  const hidden = new Set(scope.hidden);
  const only = scope.only && new Set(scope.only);
  const answers = new Map<string, boolean>();
  return (room) => {
    let isIn = answers.get(room);
    if (isIn === undefined) {
      const key = nameKey(room);
      const isFindable = !room.startsWith(DIRECT_SIGN) ||
        isPartyTo({ nickname: "", account: scope.account }, room);
      isIn = isFindable && !hidden.has(key) && (only?.has(key) ?? true);
      answers.set(room, isIn);
    }
    return isIn;
  };
}
