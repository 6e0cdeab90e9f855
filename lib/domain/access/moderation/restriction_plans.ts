/**
 * What bans and mutes, and their ends, change in the rules of a room. `now` is in milliseconds since
 * 1970. All throw a `DomainError` `not-permitted`: for a reason that is too long, or an end of what
 * does not exist.
 *
 * @module
 */

import { DomainError } from "../../domain_error.ts";
import { dayAndTime } from "../../wording.ts";
import { isRestricted, targetKey } from "../rules/restrictions.ts";
import type { Restriction, RoomRules } from "../rules/room_rules.ts";
import { changeTo, withoutEnded, withValue } from "../rules/rule_change.ts";
import type { Plan, Target } from "./moderation_act.ts";
import { changing, checkReason, usualForm } from "./plan_changes.ts";
import { MOST_PER_ROOM } from "./rule_limits.ts";

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
  const plan = changing(rules, slot, targetKey(name), restriction);
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

/** A list without what has ended, if it is full. */
function makeRoom(restrictions: readonly Restriction[], now: number): readonly Restriction[] {
  return restrictions.length < MOST_PER_ROOM ? restrictions : withoutEnded(restrictions, now);
}
