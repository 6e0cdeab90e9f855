/**
 * Changes of a room's rules, each with the value before and after, so that they can be recorded and
 * taken back.
 *
 * @module
 */

import { nameKey } from "../../name.ts";
import { isInForce } from "./restrictions.ts";
import {
  formatRules,
  parseRules,
  type Restriction,
  type Role,
  type RoomRules,
} from "./room_rules.ts";

/** What a change concerns: all that a target or an account has, or a setting of the room. */
export type RuleSlot =
  | "ban"
  | "mute"
  | "exception"
  | "role"
  | "invitation"
  | "welcome"
  | "private"
  | "hidden"
  | "moderated"
  | "topic-lock"
  | "no-log"
  | "no-ctcp"
  | "outside"
  | "alerts"
  | "key"
  | "limit"
  | "slow"
  | "rules";

/** A value of a slot, as in JSON; `null` for none. */
export type RuleValue = boolean | number | string | null | Restriction | Record<string, unknown>;

/** One change. Of the room's key it says only whether there is one. */
export interface RuleChange {
  readonly slot: RuleSlot;
  /** Whom it concerns: a target or an account, as it is compared. */
  readonly of?: string;
  readonly before: RuleValue;
  readonly after: RuleValue;
}

/** Settings of a room that are on or off. */
export const SWITCHES = {
  private: "isPrivate",
  hidden: "isHidden",
  moderated: "isModerated",
  "topic-lock": "hasTopicLock",
  "no-log": "hasNoLog",
  "no-ctcp": "hasNoCtcp",
  outside: "takesOutside",
  alerts: "tellsAlerts",
} as const satisfies Partial<Record<RuleSlot, keyof RoomRules>>;

export type SwitchName = keyof typeof SWITCHES;

/** The value of a slot now. */
export function valueOf(rules: RoomRules, slot: RuleSlot, of = ""): RuleValue {
  switch (slot) {
    case "ban":
      return find(rules.bans, of);
    case "mute":
      return find(rules.mutes, of);
    case "exception":
      return rules.exceptions.find((target) => nameKey(target) === of) ?? null;
    case "welcome":
      return rules.welcome.find((target) => nameKey(target) === of) ?? null;
    case "role":
      return rules.roles.get(of) ?? null;
    case "invitation":
      return rules.invited.has(of) || null;
    case "key":
      return rules.key !== undefined || null;
    case "limit":
      return rules.limit ?? null;
    case "slow":
      return rules.slowSeconds || null;
    case "rules":
      return JSON.parse(formatRules({ ...rules, key: undefined }));
    default:
      return rules[SWITCHES[slot]] || null;
  }
}

/** The rules with another value in a slot. */
export function withValue(
  rules: RoomRules,
  slot: RuleSlot,
  of: string,
  value: RuleValue,
): RoomRules {
  switch (slot) {
    case "ban":
      return { ...rules, bans: replaced(rules.bans, of, value as Restriction | null) };
    case "mute":
      return { ...rules, mutes: replaced(rules.mutes, of, value as Restriction | null) };
    case "exception":
      return { ...rules, exceptions: withTarget(rules.exceptions, of, value as string | null) };
    case "welcome":
      return { ...rules, welcome: withTarget(rules.welcome, of, value as string | null) };
    case "role": {
      const roles = new Map(rules.roles);
      if (value === null) roles.delete(of);
      else roles.set(of, value as Role);
      return { ...rules, roles };
    }
    case "invitation": {
      const invited = new Set(rules.invited);
      if (value === null) invited.delete(of);
      else invited.add(of);
      return { ...rules, invited };
    }
    case "key":
      return { ...rules, key: value === null ? undefined : value as string };
    case "limit":
      return { ...rules, limit: value === null ? undefined : value as number };
    case "slow":
      return { ...rules, slowSeconds: value === null ? 0 : value as number };
    case "rules":
      return parseRules(JSON.stringify(value));
    default:
      return { ...rules, [SWITCHES[slot]]: value !== null };
  }
}

/** The change that leads to a value. */
export function changeTo(
  rules: RoomRules,
  slot: RuleSlot,
  of: string | undefined,
  value: RuleValue,
): RuleChange {
  const after = slot === "key" ? value !== null || null : value;
  const before = valueOf(rules, slot, of);
  return of === undefined ? { slot, before, after } : { slot, of, before, after };
}

/**
 * The restriction of a target; `null` for none. Addresses are stored in their usual form, so that
 * they need not be parsed.
 */
function find(restrictions: readonly Restriction[], of: string): Restriction | null {
  return restrictions.find(({ target }) => nameKey(target) === of) ?? null;
}

function replaced(
  restrictions: readonly Restriction[],
  of: string,
  value: Restriction | null,
): readonly Restriction[] {
  const others = restrictions.filter(({ target }) => nameKey(target) !== of);
  return value === null ? others : [...others, value];
}

function withTarget(
  targets: readonly string[],
  of: string,
  value: string | null,
): readonly string[] {
  const others = targets.filter((target) => nameKey(target) !== of);
  return value === null ? others : [...others, value];
}

/** Restrictions without those that have ended. */
export function withoutEnded(
  restrictions: readonly Restriction[],
  now: number,
): readonly Restriction[] {
  return restrictions.filter((restriction) => isInForce(restriction, now));
}
