/**
 * The acts of moderation that change a room's rules: each a function that says what changes, and in
 * words what was done. They ask for no permission and store nothing; `moderation.ts` does.
 *
 * @module
 */

import { DomainError } from "../domain_error.ts";
import type { Draft } from "../room_event.ts";
import { countText, dayAndTime } from "../wording.ts";
import type { Account } from "./account.ts";
import { addressRange } from "./address_range.ts";
import type { Asker } from "./asker.ts";
import type { PassingGrant } from "./attendance.ts";
import { exceptedTarget, isOfMutes, isRestricted, targetKey } from "./restrictions.ts";
import {
  areOpen,
  isOwned,
  openRules,
  type Restriction,
  type Role,
  type RoomRules,
} from "./room_rules.ts";
import {
  changeTo,
  type RuleChange,
  type RuleSlot,
  type RuleValue,
  SWITCHES,
  type SwitchName,
  valueOf,
  withoutEnded,
  withValue,
} from "./rule_change.ts";

/** Bans of a room, and as many mutes, invitations, roles and exceptions. */
export const MOST_PER_ROOM = 500;
/** Characters of a reason. */
export const LONGEST_REASON = 300;
/** Characters of a room's key. */
const LONGEST_KEY = 64;
/** Rules of a released room that are longer than this as JSON are not recorded. */
const LONGEST_RECORD = 16 * 1024;
const MOST_SLOW_SECONDS = 24 * 60 * 60;

/** Whom an act is against, as a moderator named them. */
export interface Target {
  /** A name, an account, an address or a range. */
  readonly name: string;
  /** Their account and address, where it concerns these too. */
  readonly also?: readonly string[];
}

/** What somebody decided about a ban or a mute. */
export interface Decision {
  readonly target: Target;
  /** Milliseconds since 1970; absent for good. */
  readonly until?: number;
  /** May be `""`. */
  readonly reason: string;
  /** The name of who decided. */
  readonly by: string;
}

/** What an act comes to. */
export interface Plan {
  readonly next: RoomRules;
  readonly changes: readonly RuleChange[];
  /** What was done, to go after the name of who did it: `banned bob from #ops`. */
  readonly deed: string;
  /** Whether the people in the room are told in its stream. */
  readonly isTold?: boolean;
  /** Roles that people get or lose for as long as they are there. */
  readonly grants?: readonly PassingGrant[];
  /** Somebody who may come in once, whatever the rules. */
  readonly expects?: Asker;
  /** Set for a rename, which determines the new rules. */
  readonly move?: Move;
}

/** A rename: everybody in a room moves to another one. */
export interface Move {
  readonly to: string;
  /** Drafts for both rooms. */
  readonly drafts: readonly Draft[];
}

/** Gives a role in a room without an owner to the first one. */
export function registering(rules: RoomRules, account: string): Plan {
  const plan = set(rules, "role", account, "owner");
  return { ...plan, deed: `became the owner of #${rules.name}`, isTold: true };
}

/** Gives a room up. */
export function releasing(rules: RoomRules): Plan {
  if (rules.isPrivate) {
    throw refusal(
      `#${rules.name} is private, and without an owner everybody could read it. Type /room private ` +
        "off first, if that is what you want.",
    );
  }
  const next = openRules(rules.name);
  const change = changeTo(rules, "rules", undefined, valueOf(next, "rules"));
  const isRecorded = JSON.stringify(change).length <= LONGEST_RECORD;
  const deed = `released #${rules.name}: it has no owner and no settings any more`;
  return { next, changes: isRecorded ? [change] : [], deed, isTold: true };
}

export function banning(rules: RoomRules, decision: Decision, now: number): Plan {
  const pruned = { ...rules, bans: makeRoom(rules.bans, now) };
  const { name } = decision.target;
  return restricting(pruned, "ban", decision, `banned ${name} from #${rules.name}`, now);
}

export function muting(rules: RoomRules, decision: Decision, now: number): Plan {
  const pruned = { ...rules, mutes: makeRoom(rules.mutes, now) };
  const { name } = decision.target;
  const plan = restricting(pruned, "mute", decision, `muted ${name} in #${rules.name}`, now);
  return { ...plan, isTold: true };
}

export function unbanning(rules: RoomRules, target: Target, now: number): Plan {
  return lifting(rules, "ban", target, now, `lifted the ban of ${target.name} from #${rules.name}`);
}

export function unmuting(rules: RoomRules, target: Target, now: number): Plan {
  const deed = `let ${target.name} speak in #${rules.name} again`;
  return { ...lifting(rules, "mute", target, now, deed), isTold: true };
}

/** Makes bans concern somebody no more, whichever there are. */
export function excepting(rules: RoomRules, { name }: Target): Plan {
  const key = targetKey(name);
  if (valueOf(rules, "exception", key) !== null) {
    throw refusal(`${whom(name)} is an exception to the ${what(name)} of #${rules.name} already.`);
  }
  const plan = set(rules, "exception", key, usualForm(name));
  const deed = `made ${whom(name)} an exception to the ${what(name)} of #${rules.name}`;
  return { ...plan, deed };
}

export function unexcepting(rules: RoomRules, { name }: Target): Plan {
  const key = targetKey(name);
  if (valueOf(rules, "exception", key) === null) {
    throw refusal(
      `${whom(name)} is not an exception to the ${what(name)} of #${rules.name}. /bans lists them.`,
    );
  }
  const plan = set(rules, "exception", key, null);
  const deed = `removed ${whom(name)} from the exceptions to the ${what(name)} of #${rules.name}`;
  return { ...plan, deed };
}

const whom = exceptedTarget;

function what(exception: string): string {
  return isOfMutes(exception) ? "mutes" : "bans";
}

/** Lets everybody in whom a target fits, although the room is private. */
export function welcoming(rules: RoomRules, { name }: Target): Plan {
  const key = targetKey(name);
  if (valueOf(rules, "welcome", key) !== null) {
    throw refusal(`${name} may enter #${rules.name} already.`);
  }
  const plan = set(rules, "welcome", key, usualForm(name));
  return { ...plan, deed: `invited ${name} to #${rules.name}` };
}

export function unwelcoming(rules: RoomRules, { name }: Target): Plan {
  const key = targetKey(name);
  if (valueOf(rules, "welcome", key) === null) {
    throw refusal(`${name} has no invitation to #${rules.name}. /room lists them.`);
  }
  const plan = set(rules, "welcome", key, null);
  return { ...plan, deed: `took back the invitation of ${name} to #${rules.name}` };
}

export function inviting(rules: RoomRules, { key, name }: Pick<Account, "key" | "name">): Plan {
  if (rules.invited.has(key)) throw refusal(`${name} is invited to #${rules.name} already.`);
  if (rules.roles.has(key)) {
    throw refusal(`${name} has a role in #${rules.name} and needs no invitation.`);
  }
  return { ...set(rules, "invitation", key, true), deed: `invited ${name} to #${rules.name}` };
}

export function uninviting(rules: RoomRules, { key, name }: Pick<Account, "key" | "name">): Plan {
  if (!rules.invited.has(key)) {
    const hint = rules.roles.has(key) ? ` They have a role: /grant ${name} none takes it.` : "";
    throw refusal(`${name} has no invitation to #${rules.name}.${hint}`);
  }
  const plan = set(rules, "invitation", key, null);
  return { ...plan, deed: `took back the invitation of ${name} to #${rules.name}` };
}

/** @param role `undefined` takes the role that the account has. */
export function granting(
  rules: RoomRules,
  { key, name }: Pick<Account, "key" | "name">,
  role: Role | undefined,
): Plan {
  const before = rules.roles.get(key);
  if (before === role) {
    throw refusal(
      role
        ? `${name} is ${ROLE_TEXTS[role]} of #${rules.name} already.`
        : `${name} has no role in #${rules.name}.`,
    );
  }
  const deed = role
    ? `made ${name} ${ROLE_TEXTS[role]} of #${rules.name}`
    : `took the role of ${before} in #${rules.name} from ${name}`;
  return { ...set(rules, "role", key, role ?? null), deed, isTold: true };
}

const ROLE_TEXTS: Readonly<Record<Role, string>> = {
  owner: "an owner",
  moderator: "a moderator",
  voice: "a voice",
};

export function switching(rules: RoomRules, name: SwitchName, isOn: boolean): Plan {
  if (rules[SWITCHES[name]] === isOn) {
    throw refusal(`${name} is ${isOn ? "on" : "off"} in #${rules.name} already.`);
  }
  const deed = SWITCH_DEEDS[name][isOn ? 0 : 1].replace("ROOM", `#${rules.name}`);
  return { ...set(rules, name, undefined, isOn || null), deed, isTold: true };
}

/** What is done by switching a setting on, and off. */
const SWITCH_DEEDS: Readonly<Record<SwitchName, readonly [string, string]>> = {
  private: [
    "made ROOM private: only people with a role or an invitation may read and enter it",
    "made ROOM public: everybody may enter it and read its past",
  ],
  hidden: ["hid ROOM from the lists of rooms", "put ROOM on the lists of rooms"],
  moderated: [
    "made ROOM moderated: only people with a role may speak",
    "let everybody speak in ROOM",
  ],
  "topic-lock": [
    "locked the topic of ROOM: only moderators may set it",
    "unlocked the topic of ROOM",
  ],
  "no-log": [
    "turned no-log on in ROOM: from now on only numbers and times are kept, not what is said or " +
    "by whom",
    "turned no-log off in ROOM: what is said is kept again",
  ],
  "no-ctcp": [
    "closed ROOM to CTCP requests, which ask people's programs and not people",
    "opened ROOM to CTCP requests",
  ],
  outside: [
    "let people who are not in ROOM say something there",
    "let only people who are in ROOM say something there",
  ],
  alerts: [
    "let alerts tell elsewhere what is said in ROOM",
    "stopped alerts from telling elsewhere what is said in ROOM",
  ],
};

/** @param key `undefined` for none. */
export function keying(rules: RoomRules, key: string | undefined): Plan {
  if (key === rules.key) {
    throw refusal(`#${rules.name} ${key === undefined ? "has no key" : "has that key"} already.`);
  }
  if (key !== undefined && (/\s/.test(key) || key.length > LONGEST_KEY)) {
    throw refusal(`A key is one word of up to ${LONGEST_KEY} characters.`);
  }
  const deed = key === undefined
    ? `removed the key of #${rules.name}`
    : `set a key for #${rules.name}, which newcomers need`;
  return { ...set(rules, "key", undefined, key ?? null), deed, isTold: true };
}

/** @param limit `undefined` for none. */
export function limiting(rules: RoomRules, limit: number | undefined): Plan {
  if (limit === rules.limit) {
    throw refusal(
      `#${rules.name} ${limit === undefined ? "has no limit" : "has that limit"} already.`,
    );
  }
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1 && limit <= 1_000_000)) {
    throw refusal("A limit is a number of people from 1 to 1000000.");
  }
  const deed = limit === undefined
    ? `removed the limit of #${rules.name}`
    : `limited #${rules.name} to ${limit === 1 ? "1 person" : `${limit} people`}`;
  return { ...set(rules, "limit", undefined, limit ?? null), deed, isTold: true };
}

/** @param seconds 0 for none. */
export function slowing(rules: RoomRules, seconds: number): Plan {
  if (seconds === rules.slowSeconds) {
    throw refusal(`Slow mode of #${rules.name} is ${seconds ? `${seconds} s` : "off"} already.`);
  }
  if (!(Number.isInteger(seconds) && seconds >= 0 && seconds <= MOST_SLOW_SECONDS)) {
    throw refusal(`Slow mode takes a number of seconds from 1 to ${MOST_SLOW_SECONDS}.`);
  }
  const deed = seconds === 0
    ? `turned off slow mode in #${rules.name}`
    : `set slow mode in #${rules.name}: one message in ${countText(seconds, "second")}`;
  return { ...set(rules, "slow", undefined, seconds || null), deed, isTold: true };
}

/** @throws {DomainError} if a reason is too long. */
export function checkReason(reason: string): void {
  if (reason.length <= LONGEST_REASON) return;
  throw refusal(
    `A reason may have up to ${LONGEST_REASON} characters; this one has ${reason.length}.`,
  );
}

/** Takes back changes. @throws {DomainError} if they cannot be taken back. */
export function undoing(rules: RoomRules, changes: readonly RuleChange[], now: number): Plan {
  let next = rules;
  const reversed: RuleChange[] = [];
  for (const change of changes) {
    const { slot, of, before } = change;
    if (slot === "key" && before !== null) {
      throw refusal(
        "The key that was there before is not on record. Set one again with /room key WORD.",
      );
    }
    if (JSON.stringify(valueOf(rules, slot, of)) !== JSON.stringify(change.after)) {
      throw refusal(
        `That has been changed again since. /room ${rules.name} shows what is in force.`,
      );
    }
    if (isRestriction(before) && before.until !== undefined && before.until <= now) {
      throw refusal("That cannot be undone: what it lifted would have expired by now.");
    }
    reversed.push({ ...change, before: change.after, after: before });
    next = withValue(next, slot, of ?? "", before);
  }
  return { next, changes: reversed, deed: "" };
}

/**
 * Checks that a room may have such rules.
 *
 * @param before The rules that they replace.
 */
export function checkRules(before: RoomRules, next: RoomRules): void {
  for (const [name, remedy] of BOUNDED) {
    const count = sizeOf(next[name]);
    if (count <= MOST_PER_ROOM || count <= sizeOf(before[name])) continue;
    const isOfPeople = name === "invited" || name === "welcome";
    const what = isOfPeople ? "invitations" : name;
    throw refusal(`#${next.name} has ${MOST_PER_ROOM} ${what}, which is the limit. ${remedy}`);
  }
  const others = { ...next, bans: [], mutes: [], exceptions: [] };
  if (isOwned(before) && !isOwned(next) && !areOpen(others)) {
    throw refusal(
      `#${next.name} would have no owner. Make somebody else one with /grant NAME owner, or give ` +
        "the room up with /room release.",
    );
  }
}

const BOUNDED = [
  ["bans", "End one with /unban first, or ban a range of addresses."],
  ["mutes", "End one with /unmute first, or make the room moderated."],
  ["exceptions", "Remove one with /room except NAME off first."],
  ["welcome", "Take one back with /uninvite first, or use a wider mask."],
  ["invited", "Take one back with /uninvite first, or give people a voice."],
  ["roles", "Take one back with /grant NAME none first."],
] as const;

function sizeOf(list: readonly unknown[] | { readonly size: number }): number {
  return "size" in list ? list.size : list.length;
}

function restricting(
  rules: RoomRules,
  slot: "ban" | "mute",
  { target: { name, also }, until, reason, by }: Decision,
  deed: string,
  now: number,
): Plan {
  checkReason(reason);
  const restriction: Restriction = { target: usualForm(name), also, until, by, reason, at: now };
  const time = until === undefined ? "" : ` until ${dayAndTime(until)}`;
  const plan = set(rules, slot, targetKey(name), restriction);
  return { ...plan, deed: deed + time + (reason && ` (${reason})`) };
}

function lifting(
  rules: RoomRules,
  slot: "ban" | "mute",
  { name, also = [] }: Target,
  now: number,
  deed: string,
): Plan {
  const keys = new Set([name, ...also].map(targetKey));
  const list = slot === "ban" ? rules.bans : rules.mutes;
  const lifted = list.filter(({ target, also = [] }) =>
    [target, ...also].some((other) => keys.has(targetKey(other)))
  );
  if (lifted.length === 0) throw notRestricted(rules, slot, name, now);
  let next = rules;
  const changes = lifted.map(({ target }) => {
    const key = targetKey(target);
    const change = changeTo(rules, slot, key, null);
    next = withValue(next, slot, key, null);
    return change;
  });
  return { next, changes, deed };
}

function notRestricted(
  rules: RoomRules,
  slot: "ban" | "mute",
  name: string,
  now: number,
): DomainError {
  const list = slot === "ban" ? rules.bans : rules.mutes;
  const wider = isRestricted({ nickname: "", address: name }, list, now);
  const state = slot === "ban" ? "banned from" : "muted in";
  const hint = wider
    ? `${wider.target} is, which includes it.`
    : `/bans lists who is banned or muted.`;
  return new DomainError("no-such-person", `${name} is not ${state} #${rules.name}. ${hint}`);
}

function usualForm(target: string): string {
  return addressRange(target)?.text ?? target;
}

/** A list without what has ended, if it is full. */
function makeRoom(restrictions: readonly Restriction[], now: number): readonly Restriction[] {
  return restrictions.length < MOST_PER_ROOM ? restrictions : withoutEnded(restrictions, now);
}

function set(
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

function isRestriction(value: RuleValue): value is Restriction {
  return typeof value === "object" && value !== null && "by" in value;
}

function refusal(sentence: string): DomainError {
  return new DomainError("not-permitted", sentence);
}
