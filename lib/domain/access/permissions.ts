/**
 * The one place that answers "may this person read that, or do this thing": a table of acts, and
 * what each needs. Pure; `access_control.ts` knows the rules in force.
 *
 * @module
 */

import { DomainError, type Obstacle, SlowDownError } from "../domain_error.ts";
import { nameKey } from "../name.ts";
import type { Asker } from "./asker.ts";
import type { Attendees } from "./attendance.ts";
import { isDirectRoom, isPartyTo } from "./direct_room.ts";
import { isAmong, isExcepted, isRestricted } from "./restrictions.ts";
import { isOwned, openRules, type Role, type RoomRules, withRole } from "./room_rules.ts";

/**
 * What somebody wants with a room: know that it exists; read its past and present; enter it; speak
 * in it; write log lines into it; set its topic; react to what was said; pin it; invite people; keep
 * order in it; change its rules; become its owner when it has none.
 */
export type Act =
  | "see"
  | "read"
  | "join"
  | "speak"
  | "log"
  | "topic"
  | "react"
  | "pin"
  | "invite"
  | "moderate"
  | "own"
  | "register";

/** Circumstances that some acts depend on. */
export interface Circumstances {
  /** Whether the asker is in the room. */
  readonly isMember?: boolean;
  /** The key that was given. */
  readonly key?: string;
  /** How many people are in the room. */
  readonly members?: number;
  /** When the asker spoke there last, milliseconds since 1970. */
  readonly spokeAt?: number;
  /** Whether it is a question to clients (CTCP) and no text for people. */
  readonly isCtcp?: boolean;
  /** Those who have a role in the room as long as they are in it. */
  readonly attendees?: Attendees;
}

/** The room that records what moderators do; for operators. */
export const MODERATION_ROOM = "moderation";
/** Everybody enters the one, and senders of logs write into the other, so nobody may have them. */
export const COMMON_ROOMS: ReadonlySet<string> = new Set(["lobby", "log"]);

/** What takes a role in the room. */
const POWERS: ReadonlySet<Act> = new Set<Act>(["invite", "moderate", "own"]);

/** Whether an act takes a role in the room. */
export function takesPower(act: Act): boolean {
  return POWERS.has(act);
}

const RANKS: Readonly<Record<Role, number>> = { voice: 1, moderator: 2, owner: 3 };

/**
 * Why somebody may not do something in a room; `undefined` if they may.
 *
 * What must not be known to exist is refused as if it did not: `no-such-room`.
 *
 * @param name The room's name.
 * @param rules `undefined` if nothing has been settled about the room.
 * @param now Milliseconds since 1970.
 */
export function refusalOf(
  asker: Asker,
  name: string,
  rules: RoomRules | undefined,
  act: Act,
  circumstances: Circumstances,
  now: number,
): DomainError | undefined {
  const key = nameKey(name);
  if (asker.onlyRooms && !asker.onlyRooms.has(key)) return missing(name);
  if (isDirectRoom(name)) return refusalInDirect(asker, name, act);
  if (key === MODERATION_ROOM) return refusalInModeration(asker, act);
  if (act === "register") return unregistrable(asker, rules ?? openRules(name), circumstances);
  if (POWERS.has(act) && !(rules && isOwned(rules))) {
    return needsOwner(asker, name, rules, circumstances);
  }
  if (!rules) return undefined;
  const rank = rankOf(asker, rules, circumstances.attendees);
  // The operator of the server has opened the endpoint for this room.
  const isSettled = asker.capacity === "log" && act === "log";
  if (asker.capacity === "alert" && rules.tellsAlerts) return undefined;
  if (!isSettled && rules.isPrivate && !isExpected(asker, rules, rank, circumstances)) {
    if (act === "join") return uninvited(rules);
    // As for a room that nobody has heard of.
    return POWERS.has(act) ? needsOwner(asker, name) : missing(name);
  }
  switch (act) {
    case "see":
      return rules.isHidden && !circumstances.isMember &&
          !isExpected(asker, rules, rank, circumstances)
        ? missing(name)
        : undefined;
    case "read":
      return banned(asker, rules, rank, circumstances, now) ??
        withoutKey(asker, rules, rank, circumstances, act);
    case "join":
      return banned(asker, rules, rank, circumstances, now) ??
        withoutKey(asker, rules, rank, circumstances, act) ??
        crowded(asker, rules, rank, circumstances);
    case "log":
      return banned(asker, rules, rank, circumstances, now) ??
        muted(asker, rules, rank, circumstances, now) ??
        (isSettled ? undefined : withoutKey(asker, rules, rank, circumstances, act) ??
          unvoiced(rules, rank, circumstances));
    case "speak":
      return silenced(asker, rules, rank, circumstances, act, now);
    case "topic":
      return silenced(asker, rules, rank, circumstances, act, now) ??
        locked(rules, rank, circumstances, "set the topic of");
    case "react":
      return unkept(rules) ?? silenced(asker, rules, rank, unhurried(circumstances), act, now);
    case "pin":
      return unkept(rules) ?? silenced(asker, rules, rank, unhurried(circumstances), act, now) ??
        locked(rules, rank, circumstances, "pin messages in");
    case "invite":
    case "moderate":
      return rank >= RANKS.moderator ? undefined : refused(
        `Only moderators of #${rules.name} may do that. ${whoMay(rules, "moderator")}`,
      );
    case "own":
      return rank >= RANKS.owner ? undefined : refused(
        `Only the owner of #${rules.name} may do that. ${whoMay(rules, "owner")}`,
      );
  }
}

/** How much somebody may do in a room compared with others: operators more than owners. */
export function standingOf(asker: Pick<Asker, "account" | "isOperator">, rules: RoomRules): number {
  return asker.isOperator ? RANKS.owner + 1 : rankOf(asker, rules);
}

/** The standing from which on others need more of it to act against somebody. */
export const PROTECTED_STANDING = RANKS.moderator;
/** The standing from which on no ban, or no mute, concerns somebody. */
export const IMMUNE_STANDING = { ban: RANKS.moderator, mute: RANKS.voice } as const;

/** How much somebody may do in a room: 0 for nothing special, up to that of an owner. */
function rankOf(
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

function isExpected(
  asker: Asker,
  { invited, welcome, isPassing }: RoomRules,
  rank: number,
  { isMember, attendees }: Circumstances,
): boolean {
  const { account } = asker;
  return rank > 0 || (account !== undefined && invited.has(account)) ||
    // Rules that pass with the people concern those who come, and not those who are there.
    (isPassing && isMember) || attendees?.isWelcome(asker) || isAmong(asker, welcome);
}

function banned(
  asker: Asker,
  rules: RoomRules,
  rank: number,
  circumstances: Circumstances,
  now: number,
): DomainError | undefined {
  const { attendees } = circumstances;
  if (rules.bans.length === 0 || rank >= RANKS.moderator) return undefined;
  const ban = isRestricted(asker, rules.bans, now);
  if (!ban || attendees?.isWelcome(asker)) return undefined;
  if (isExcepted(asker, rules.exceptions, "ban")) return undefined;
  return refused(
    `You are banned from #${rules.name}${detail(ban, now)}. ${
      whoMay(rules, "moderator", circumstances)
    }`,
    "banned",
  );
}

function muted(
  asker: Asker,
  rules: RoomRules,
  rank: number,
  circumstances: Circumstances,
  now: number,
): DomainError | undefined {
  if (rules.mutes.length === 0 || rank >= RANKS.voice) return undefined;
  const mute = isRestricted(asker, rules.mutes, now);
  return mute && !isExcepted(asker, rules.exceptions, "mute")
    ? refused(
      `You may not speak in #${rules.name}${detail(mute, now)}. ` +
        whoMay(rules, "moderator", circumstances),
    )
    : undefined;
}

function withoutKey(
  asker: Asker,
  rules: RoomRules,
  rank: number,
  circumstances: Circumstances,
  act: Act,
): DomainError | undefined {
  const { isMember = false, key } = circumstances;
  if (rules.key === undefined || isMember || isExpected(asker, rules, rank, circumstances)) {
    return undefined;
  }
  if (act === "join" && key === rules.key) return undefined;
  return new DomainError(
    "key-needed",
    key === undefined
      ? `#${rules.name} has a key. Enter it with /join ${rules.name} KEY.`
      : `That is not the key of #${rules.name}. Ask somebody who is in it.`,
  );
}

function crowded(
  asker: Asker,
  rules: RoomRules,
  rank: number,
  { members = 0, attendees }: Circumstances,
): DomainError | undefined {
  if (rules.limit === undefined || members < rules.limit || rank > 0) return undefined;
  if (attendees?.isWelcome(asker)) return undefined;
  return refused(
    `#${rules.name} is full: its limit is ${rules.limit}. Try again when somebody has left.`,
    "full",
  );
}

function unvoiced(
  rules: RoomRules,
  rank: number,
  circumstances: Circumstances,
): DomainError | undefined {
  if (!rules.isModerated || rank > 0) return undefined;
  return refused(
    `#${rules.name} is moderated: only those with a voice may speak. ` +
      whoMay(rules, "moderator", circumstances),
  );
}

function silenced(
  asker: Asker,
  rules: RoomRules,
  rank: number,
  circumstances: Circumstances,
  act: Act,
  now: number,
): DomainError | undefined {
  const refusal = banned(asker, rules, rank, circumstances, now) ??
    muted(asker, rules, rank, circumstances, now) ??
    withoutKey(asker, rules, rank, circumstances, act) ?? unvoiced(rules, rank, circumstances);
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

/** Circumstances of what slow mode does not concern. */
function unhurried(circumstances: Circumstances): Circumstances {
  return { ...circumstances, spokeAt: undefined };
}

function locked(
  rules: RoomRules,
  rank: number,
  circumstances: Circumstances,
  what: string,
): DomainError | undefined {
  if (!rules.hasTopicLock || rank >= RANKS.moderator) return undefined;
  const help = whoMay(rules, "moderator", circumstances);
  return refused(`Only moderators may ${what} #${rules.name}. ${help}`);
}

/** Reactions and pins would say who was there, and what about. */
function unkept({ name, hasNoLog }: RoomRules): DomainError | undefined {
  if (!hasNoLog) return undefined;
  return refused(`#${name} has no-log on, so it keeps no reactions or pins.`);
}

function withoutCtcp({ name }: RoomRules): DomainError {
  return refused(`#${name} takes no CTCP requests, only text and actions. Ask people in private.`);
}

function refusalInDirect(asker: Asker, name: string, act: Act): DomainError | undefined {
  const isOwn = act === "see" || act === "read" || act === "speak" || act === "react";
  return isOwn && isPartyTo(asker, name) ? undefined : missing(name);
}

function refusalInModeration(asker: Asker, act: Act): DomainError | undefined {
  if (asker.isOperator) {
    return POWERS.has(act) || act === "register"
      ? refused(`#${MODERATION_ROOM} belongs to the server: its rules cannot be changed.`)
      : undefined;
  }
  return act === "join"
    ? refused(`#${MODERATION_ROOM} is for operators of the server. Log in as one with /login.`)
    : missing(MODERATION_ROOM);
}

/**
 * A room without an owner can be taken by somebody who is alone in it: then nobody loses anything.
 */
function unregistrable(
  asker: Asker,
  rules: RoomRules,
  circumstances: Circumstances,
): DomainError | undefined {
  const { isMember = false, members = 0 } = circumstances;
  const { name } = rules;
  if (asker.account === undefined) {
    return new DomainError(
      "login-needed",
      `To make #${name} yours, get an account with /register, then type /room register.`,
    );
  }
  const isSecret = rules.isPrivate &&
    !isExpected(asker, rules, rankOf(asker, rules), circumstances);
  if (isOwned(rules) && !isSecret) {
    return refused(`#${name} has an owner. ${whoMay(rules, "owner")}`);
  }
  if (asker.isOperator) return undefined;
  if (COMMON_ROOMS.has(nameKey(name))) {
    return refused(
      `#${name} is for everybody, so only operators of the server can register it. /join a room ` +
        "of your own and register that.",
    );
  }
  if (isMember && members === 1) return undefined;
  return refused(
    `Only somebody who is alone in #${name} can register it, or an operator of the server. Ask ` +
      "one, or /join a new room.",
  );
}

/** Why somebody may not keep order in a room that nobody owns; `undefined` if they may. */
function needsOwner(
  asker: Asker,
  name: string,
  rules?: RoomRules,
  circumstances: Circumstances = {},
): DomainError | undefined {
  if (asker.isOperator || circumstances.attendees?.has(asker, "moderator")) return undefined;
  const keepers = keepersOf(rules, circumstances);
  if (keepers.length > 0) {
    return refused(`Only people who keep order in #${name} can do that. ${ask(keepers)}`);
  }
  return refused(
    `#${name} has no owner, so only operators of the server can do that. /room register makes ` +
      "the room yours.",
  );
}

function uninvited(rules: RoomRules): DomainError {
  return refused(
    `#${rules.name} is private. Ask somebody who is in it for an invitation.`,
    "not-invited",
  );
}

function refused(sentence: string, obstacle?: Obstacle): DomainError {
  return new DomainError("not-permitted", sentence, obstacle);
}

/** The error for a room that does not exist. @param name May begin with `#`. */
export function missing(name: string): DomainError {
  const what = isDirectRoom(name)
    ? `There is no conversation ${name}. /msg lists yours.`
    : `There is no room #${name.replace(/^#/, "")}. /rooms lists the rooms.`;
  return new DomainError("no-such-room", what);
}

/** Tells who has a power: lasting roles first, as they come before those of the moment. */
function whoMay(rules: RoomRules, role: Role, circumstances: Circumstances = {}): string {
  const names = [
    ...withRole(rules, "owner"),
    ...(role === "moderator" ? withRole(rules, "moderator") : []),
  ];
  return ask(names.length > 0 ? names : keepersOf(rules, circumstances));
}

/** Those who keep order in a room that nobody owns; who is in a private one is not told outside. */
function keepersOf(
  rules: RoomRules | undefined,
  { attendees, isMember = false }: Circumstances,
): string[] {
  if (rules?.isPrivate && !isMember) return [];
  return [...attendees?.with("moderator") ?? []].map(({ nickname }) => nickname);
}

function ask(names: readonly string[]): string {
  return names.length === 0
    ? "Ask an operator of the server."
    : `Ask ${names.slice(0, 5).join(", ")}.`;
}

function detail({ until, reason }: { until?: number; reason?: string }, now: number): string {
  const time = until === undefined ? "" : ` for ${Math.ceil((until - now) / 60_000)} more min`;
  return time + (reason ? ` (${reason})` : "");
}
