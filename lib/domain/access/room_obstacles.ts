/**
 * What the rules of a room put in the way of somebody: each function says why they may not do
 * something, or `undefined` if that is no reason.
 *
 * @module
 */

import { DomainError, SlowDownError } from "../domain_error.ts";
import { notPermitted, whomToAsk } from "./refusal.ts";
import type { Act } from "./room_act.ts";
import { isExcepted, isRestricted } from "./rules/restrictions.ts";
import type { RoomRules } from "./rules/room_rules.ts";
import { isExpected, RANKS, type Situation } from "./standing.ts";

export function banned(
  { asker, rules, rank, circumstances, now }: Situation,
): DomainError | undefined {
  const { attendees } = circumstances;
  if (rules.bans.length === 0 || rank >= RANKS.moderator) return undefined;
  const ban = isRestricted(asker, rules.bans, now);
  if (!ban || attendees?.isWelcome(asker)) return undefined;
  if (isExcepted(asker, rules.exceptions, "ban")) return undefined;
  return notPermitted(
    `You are banned from #${rules.name}${detail(ban, now)}. ${
      whomToAsk(rules, "moderator", circumstances)
    }`,
    "banned",
  );
}

export function muted(
  { asker, rules, rank, circumstances, now }: Situation,
): DomainError | undefined {
  if (rules.mutes.length === 0 || rank >= RANKS.voice) return undefined;
  const mute = isRestricted(asker, rules.mutes, now);
  return mute && !isExcepted(asker, rules.exceptions, "mute")
    ? notPermitted(
      `You may not speak in #${rules.name}${detail(mute, now)}. ` +
        whomToAsk(rules, "moderator", circumstances),
    )
    : undefined;
}

export function uninvited(rules: RoomRules): DomainError {
  return notPermitted(
    `#${rules.name} is private. Ask somebody who is in it for an invitation.`,
    "not-invited",
  );
}

export function withoutKey(situation: Situation, act: Act): DomainError | undefined {
  const { rules, circumstances: { isMember = false, key } } = situation;
  if (rules.key === undefined || isMember || isExpected(situation)) return undefined;
  if (act === "join" && key === rules.key) return undefined;
  return new DomainError(
    "key-needed",
    key === undefined
      ? `#${rules.name} has a key. Enter it with /join ${rules.name} KEY.`
      : `That is not the key of #${rules.name}. Ask somebody who is in it.`,
  );
}

export function crowded(
  { asker, rules, rank, circumstances: { members = 0, attendees } }: Situation,
): DomainError | undefined {
  if (rules.limit === undefined || members < rules.limit || rank > 0) return undefined;
  if (attendees?.isWelcome(asker)) return undefined;
  return notPermitted(
    `#${rules.name} is full: its limit is ${rules.limit}. Try again when somebody has left.`,
    "full",
  );
}

export function unvoiced({ rules, rank, circumstances }: Situation): DomainError | undefined {
  if (!rules.isModerated || rank > 0) return undefined;
  return notPermitted(
    `#${rules.name} is moderated: only those with a voice may speak. ` +
      whomToAsk(rules, "moderator", circumstances),
  );
}

export function silenced(situation: Situation, act: Act): DomainError | undefined {
  const { rules, rank, circumstances, now } = situation;
  const refusal = banned(situation) ?? muted(situation) ?? withoutKey(situation, act) ??
    unvoiced(situation);
  if (!refusal && rules.hasNoCtcp && circumstances.isCtcp) return withoutCtcp(rules);
  if (refusal || rules.slowSeconds === 0 || rank >= RANKS.moderator) return refusal;
  const { spokeAt } = circumstances;
  // A clock that was set back must not silence anybody for longer.
  const waitMs = spokeAt === undefined || spokeAt > now
    ? 0
    : spokeAt + rules.slowSeconds * 1000 - now;
  if (waitMs <= 0) return undefined;
  const seconds = Math.ceil(waitMs / 1000);
  return new SlowDownError(
    `#${rules.name} is in slow mode. You can speak again in ${seconds} s; send it again then.`,
    waitMs,
  );
}

/** The same for what slow mode does not concern. */
export function unhurried(situation: Situation): Situation {
  return { ...situation, circumstances: { ...situation.circumstances, spokeAt: undefined } };
}

export function locked(
  { rules, rank, circumstances }: Situation,
  what: string,
): DomainError | undefined {
  if (!rules.hasTopicLock || rank >= RANKS.moderator) return undefined;
  const help = whomToAsk(rules, "moderator", circumstances);
  return notPermitted(`Only moderators may ${what} #${rules.name}. ${help}`);
}

/** Reactions and pins would say who was there, and what about. */
export function unkept({ name, hasNoLog }: RoomRules): DomainError | undefined {
  if (!hasNoLog) return undefined;
  return notPermitted(`#${name} has no-log on, so it keeps no reactions or pins.`);
}

function withoutCtcp({ name }: RoomRules): DomainError {
  return notPermitted(
    `#${name} takes no CTCP requests, only text and actions. Ask people in private.`,
  );
}

function detail({ until, reason }: { until?: number; reason?: string }, now: number): string {
  const time = until === undefined ? "" : ` for ${Math.ceil((until - now) / 60_000)} more min`;
  return time + (reason ? ` (${reason})` : "");
}
