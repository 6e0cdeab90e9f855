/**
 * Who is safe from whom: nobody acts against somebody who may do as much in the room as they.
 *
 * @module
 */

import type { Asker } from "../../asker.ts";
import type { DomainError } from "../../domain_error.ts";
import { nameKey } from "../../name.ts";
import type { Account } from "../accounts/account.ts";
import { notPermitted } from "../refusal.ts";
import { ROLE_TEXTS, type RoomRules, withRole } from "../rules/room_rules.ts";
import { IMMUNE_STANDING, PROTECTED_STANDING, standingOf } from "../standing.ts";
import type { Target } from "./moderation_act.ts";

/** What looks up accounts. */
export interface AccountDirectory {
  find(
    name: string,
  ): Pick<Account, "name" | "key" | "isOperator"> & { readonly createdAt?: number } | undefined;
}

/** Why somebody may not act against a target; `undefined` if they may. */
export function protection(
  asker: Asker,
  rules: RoomRules,
  { name, also = [] }: Target,
  accounts: AccountDirectory | undefined,
): DomainError | undefined {
  const own = standingOf(asker, rules);
  for (const key of new Set([name, ...also].map(nameKey))) {
    if (key === (asker.account ?? nameKey(asker.nickname))) {
      return notPermitted("That is you. /leave leaves a room.");
    }
    const { isOperator = false, name: shown = key } = accounts?.find(key) ?? {};
    const standing = standingOf({ account: key, isOperator }, rules);
    if (standing < PROTECTED_STANDING || own > standing) continue;
    if (isOperator) return notPermitted(`${shown} is an operator of the server. Talk to them.`);
    return rules.roles.get(key) === "owner"
      ? notPermitted(`${shown} is an owner of #${rules.name}. Ask an operator of the server.`)
      : notPermitted(`${shown} is a moderator of #${rules.name}. ${whoOwns(rules)}`);
  }
  return undefined;
}

/** Makes sure that somebody may act against a target. @throws {DomainError} if not. */
export function requireUnprotected(...of: Parameters<typeof protection>): void {
  const refusal = protection(...of);
  if (refusal) throw refusal;
}

const DONE = { ban: "banned", mute: "muted" } as const;

/** Why a ban or mute would not concern a target; `undefined` if it would. */
export function immunity(
  act: "ban" | "mute",
  rules: RoomRules,
  { name, also = [] }: Target,
  accounts: AccountDirectory | undefined,
): DomainError | undefined {
  for (const key of [name, ...also].map(nameKey)) {
    const { isOperator = false, name: shown = key } = accounts?.find(key) ?? {};
    const standing = standingOf({ account: key, isOperator }, rules);
    if (standing < IMMUNE_STANDING[act]) continue;
    const done = standing < IMMUNE_STANDING.ban ? DONE[act] : "banned or muted";
    return notPermitted(
      isOperator
        ? `${shown} is an operator of the server, and cannot be banned or muted.`
        : `${shown} is ${
          ROLE_TEXTS[rules.roles.get(key)!]
        } of #${rules.name}, and cannot be ${done}. ` +
          `/grant ${shown} none takes that away.`,
    );
  }
  return undefined;
}

function whoOwns(rules: RoomRules): string {
  const owners = withRole(rules, "owner").slice(0, 5).join(", ");
  return owners === ""
    ? "Ask an operator of the server."
    : `Ask ${owners}, who can take that away.`;
}
