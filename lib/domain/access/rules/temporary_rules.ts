/**
 * Rules of rooms that nobody owns. Who keeps order in one of them, because they came first, may set
 * rules that last as long as somebody is there. What operators of the server settle stays, and only
 * they can change it.
 *
 * @module
 */

import type { Asker } from "../../asker.ts";
import { isDirectRoom } from "../../direct_room.ts";
import { DomainError } from "../../domain_error.ts";
import { nameKey } from "../../name.ts";
import { COMMON_ROOMS, MODERATION_ROOM } from "../../server_rooms.ts";
import { areOpen, isOwned, openRules, type RoomRules } from "./room_rules.ts";
import { type RuleChange, type RuleSlot, valueOf, withValue } from "./rule_change.ts";

/** What becomes of a room's rules by a change of them. */
export interface RulesUpdate {
  /** What is stored; the same as before if nothing is. */
  readonly stored: RoomRules | undefined;
  /** The temporary rules, in force until the room is empty; absent if the stored ones apply. */
  readonly temporary?: RoomRules;
}

/** Only an owner answers for what these do to logs and alerts, and to accounts that are away. */
const FOR_OWNERS: ReadonlySet<RuleSlot> = new Set(["no-log", "alerts", "role", "rules"]);

/**
 * Whether the first to enter a room keeps order in it. That is so if the server does not need the
 * room, nobody owns it, and operators have set nothing but bans, mutes and exceptions.
 */
export function isSelfKept(name: string, stored: RoomRules | undefined): boolean {
  const key = nameKey(name);
  if (isDirectRoom(name) || key === MODERATION_ROOM || COMMON_ROOMS.has(key)) return false;
  return !stored || areOpen({ ...stored, bans: [], mutes: [], exceptions: [] });
}

/**
 * What becomes of the rules in force, `next`, when `changes` have led to them.
 *
 * @param stored The rules without the temporary ones.
 * @param temporary Those in force until nobody is there, if there are any.
 * @throws {DomainError} if the asker must not change that.
 */
export function updateOf(
  { isOperator }: Asker,
  next: RoomRules,
  changes: readonly RuleChange[],
  stored: RoomRules | undefined,
  temporary: RoomRules | undefined,
): RulesUpdate {
  const before = stored ?? openRules(next.name);
  const { isTemporary: _isTemporary, ...lasting } = next;
  // Also for the act that gives the room up, after which nobody owns it.
  if (isOwned(next) || isOwned(before)) return { stored: next === stored ? stored : lasting };
  if (changes.length === 0) {
    return { stored: named(stored, next), temporary: named(temporary, next) };
  }
  if (isOperator) {
    if (!temporary) return { stored: lasting };
    return { stored: changes.reduce(withChange(next), before), temporary: next };
  }
  for (const { slot, of } of changes) {
    if (FOR_OWNERS.has(slot)) throw forOwners(next);
    if (valueOf(before, slot, of) !== null) throw settled(next);
  }
  return { stored, temporary: { ...next, isTemporary: true } };
}

/** Rules under the name of others: its capitals may have changed. */
function named(rules: RoomRules | undefined, { name }: RoomRules): RoomRules | undefined {
  return rules && rules.name !== name ? { ...rules, name } : rules;
}

/** The key is not in the change. */
function withChange({ key }: RoomRules) {
  return (rules: RoomRules, { slot, of = "", after }: RuleChange) =>
    withValue(rules, slot, of, slot === "key" ? key ?? null : after);
}

function forOwners({ name }: RoomRules): DomainError {
  return new DomainError(
    "not-permitted",
    `#${name} has no owner, and only an owner can do that. /room register makes the room yours.`,
  );
}

function settled({ name }: RoomRules): DomainError {
  return new DomainError(
    "not-permitted",
    `An operator of the server has set that for #${name}, and only operators can change it.`,
  );
}
