/**
 * The rooms that a search may look at, in a form that can be sent to another thread.
 *
 * @module
 */

import { DIRECT_SIGN, directRoom, isDirectRoom, isPartyTo } from "../direct_room.ts";
import { nameKey } from "../name.ts";
import { badQuery } from "./parse_filter.ts";
import type { NamePattern, SearchCondition, SearchQuery } from "./search_query.ts";

export interface SearchScope {
  /** Key of the account on whose behalf it is; rooms of two are only found by the two. */
  readonly account?: string;
  /** Keys of rooms to leave out. */
  readonly hidden: readonly string[];
  /** Keys of rooms to leave out unless the query names them. */
  readonly unlisted?: readonly string[];
  /** Keys of the only rooms to look at. @default {all} */
  readonly only?: readonly string[];
}

/** The scope of the operator on the machine. */
export const WHOLE_LOG: SearchScope = { hidden: [] };

/** The scope of one query, in which rooms that it names count as listed. */
export function scopeOf({ conditions }: SearchQuery, scope: SearchScope): SearchScope {
  const { unlisted = [], ...rest } = scope;
  if (unlisted.length === 0) return scope;
  const names = conditions.flatMap((condition) =>
    condition.type === "in" && !condition.isNegated ? condition.names : []
  );
  const named = new Set(names.filter(({ isPrefix }) => !isPrefix).map(({ key }) => key));
  return { ...rest, hidden: [...scope.hidden, ...unlisted.filter((key) => !named.has(key))] };
}

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
      const isFindable = !isDirectRoom(room) ||
        isPartyTo({ nickname: "", account: scope.account }, room);
      isIn = isFindable && !hidden.has(key) && (only?.has(key) ?? true);
      answers.set(room, isIn);
    }
    return isIn;
  };
}

/**
 * The query with the rooms of two in place of the conversations that it names: `in:@bob` is what an
 * account and bob wrote to each other, and `in:@*` all that it wrote and was written.
 *
 * @throws {DomainError} `bad-query`.
 */
export function inConversations({ conditions }: SearchQuery, scope: SearchScope): SearchQuery {
  const { account } = scope;
  if (account === undefined) return { conditions };
  const toRoom = (pattern: NamePattern): NamePattern => {
    const { key, isPrefix } = pattern;
    if (!isDirectRoom(key) || key.includes("+") || key === DIRECT_SIGN) return pattern;
    if (isPrefix) throw badQuery("Write in:@NAME for one conversation, or in:@* for all of them.");
    return { key: directRoom(account, key.slice(DIRECT_SIGN.length)), isPrefix };
  };
  return {
    conditions: conditions.map((condition): SearchCondition =>
      condition.type === "in" ? { ...condition, names: condition.names.map(toRoom) } : condition
    ),
  };
}
