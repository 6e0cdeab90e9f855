/**
 * How much somebody may do in a room, compared with others.
 *
 * @module
 */

import type { Asker } from "../asker.ts";
import type { Attendees } from "./attendance.ts";
import type { Circumstances } from "./room_act.ts";
import { isAmong } from "./rules/restrictions.ts";
import type { Role, RoomRules } from "./rules/room_rules.ts";

/** The rank of each role. */
export const RANKS: Readonly<Record<Role, number>> = { voice: 1, moderator: 2, owner: 3 };

/** How much somebody may do in a room compared with others: operators more than owners. */
export function standingOf(asker: Pick<Asker, "account" | "isOperator">, rules: RoomRules): number {
  return asker.isOperator ? RANKS.owner + 1 : rankOf(asker, rules);
}

/** The standing from which on others need more of it to act against somebody. */
export const PROTECTED_STANDING = RANKS.moderator;
/** The standing from which on no ban, or no mute, concerns somebody. */
export const IMMUNE_STANDING = { ban: RANKS.moderator, mute: RANKS.voice } as const;

/** How much somebody may do in a room: 0 for nothing special, up to that of an owner. */
export function rankOf(
  asker: Pick<Asker, "account" | "isOperator">,
  { roles }: RoomRules,
  attendees?: Attendees,
): number {
  const { account, isOperator } = asker;
  if (isOperator) return RANKS.owner;
  const role = account === undefined ? undefined : roles.get(account);
  const rank = role ? RANKS[role] : 0;
  if (!attendees || rank >= RANKS.moderator) return rank;
  if (attendees.has(asker as Asker, "moderator")) return RANKS.moderator;
  return attendees.has(asker as Asker, "voice") ? RANKS.voice : rank;
}

/** Somebody who wants something of a room that has rules. */
export interface Situation {
  readonly asker: Asker;
  readonly rules: RoomRules;
  /** From {@linkcode rankOf}. */
  readonly rank: number;
  readonly circumstances: Circumstances;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Whether somebody is exempt from the privacy of a room, its key and the like. */
export function isExpected({ asker, rules, rank, circumstances }: Omit<Situation, "now">): boolean {
  const { account } = asker;
  const { invited, welcome, isTemporary } = rules;
  const { isMember, attendees } = circumstances;
  return rank > 0 || (account !== undefined && invited.has(account)) ||
    // Rules that pass with the people concern those who come, and not those who are there.
    (isTemporary && isMember) || attendees?.isWelcome(asker) || isAmong(asker, welcome);
}
