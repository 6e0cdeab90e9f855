/**
 * What the plans of all acts of moderation have in common.
 *
 * @module
 */

import { characterCount } from "../../character_count.ts";
import { notPermitted } from "../refusal.ts";
import { addressRange } from "../rules/address_range.ts";
import type { RoomRules } from "../rules/room_rules.ts";
import { changeTo, type RuleSlot, type RuleValue, withValue } from "../rules/rule_change.ts";
import type { Order, Plan, Target } from "./moderation_act.ts";
import type { ModerationFacts } from "./moderation_record.ts";

/** Characters of a reason. */
export const LONGEST_REASON = 300;

/** The plan of an act that changes one value. */
export function changing(
  rules: RoomRules,
  slot: RuleSlot,
  of: string | undefined,
  value: RuleValue,
): Pick<Plan, "next" | "changes"> {
  return {
    next: withValue(rules, slot, of ?? "", value),
    changes: [changeTo(rules, slot, of, value)],
  };
}

/** @throws {DomainError} if a reason is too long. */
export function checkReason(reason: string): void {
  const length = characterCount(reason);
  if (length <= LONGEST_REASON) return;
  throw notPermitted(
    `A reason may have up to ${LONGEST_REASON} characters; this one has ${length}.`,
  );
}

/** A target as it is stored. */
export function usualForm(target: string): string {
  return addressRange(target)?.text ?? target;
}

/** What an act against somebody takes, and its facts. */
export function against(
  { name, also }: Target,
  facts: Pick<ModerationFacts, "reason" | "until"> = {},
): Pick<Order, "needs" | "facts"> {
  return { needs: ["moderate"], facts: { target: name, also, ...facts } };
}
