/**
 * Which roles people have in a room: for good, or until they leave.
 *
 * @module
 */

import type { Asker } from "../../asker.ts";
import type { RoomRegistry } from "../../rooms/room_registry.ts";
import type { Member } from "../../rooms/room_stream.ts";
import type { Account } from "../accounts/account.ts";
import type { TemporaryRole } from "../attendance.ts";
import { notPermitted } from "../refusal.ts";
import type { Act } from "../room_act.ts";
import { type Role, ROLE_TEXTS, type RoomRules } from "../rules/room_rules.ts";
import type { ActSequence } from "./act_sequence.ts";
import { givingRole, notHere, takingRoles } from "./attendance_acts.ts";
import type { DoneAct, Moderator, Plan } from "./moderation_act.ts";
import { changing } from "./plan_changes.ts";
import { type AccountDirectory, requireUnprotected } from "./protection.ts";

export interface RoomRolesOptions {
  readonly registry: RoomRegistry;
  readonly acts: ActSequence;
  /** @default {there are no accounts} */
  readonly accounts?: AccountDirectory;
}

export class RoomRoles {
  readonly #registry: RoomRegistry;
  readonly #acts: ActSequence;
  readonly #accounts: AccountDirectory | undefined;

  constructor({ registry, acts, accounts }: RoomRolesOptions) {
    this.#registry = registry;
    this.#acts = acts;
    this.#accounts = accounts;
  }

  /** Gives an account a role in a room. @param role `undefined` for none. */
  grant(
    asker: Moderator,
    room: string,
    account: Pick<Account, "key" | "name" | "isOperator">,
    role: Role | undefined,
  ): Promise<DoneAct> {
    return this.#acts.carryOut({
      asker,
      room,
      act: "grant",
      needs: ["own"],
      facts: { target: account.name },
      plan: (rules) => {
        if (rules.roles.get(account.key) === "owner" && account.key !== asker.account) {
          requireUnprotected(asker, rules, { name: account.key }, this.#accounts);
        }
        return granting(rules, account, role);
      },
    });
  }

  /** Gives somebody who is in a room a role there until they leave. */
  give(asker: Moderator, room: string, member: Asker, role: TemporaryRole): Promise<DoneAct> {
    const needs: Act[] = [role === "voice" ? "moderate" : "own"];
    return this.#acts.carryOut({
      asker,
      room,
      act: "grant",
      needs,
      facts: { target: member.nickname },
      plan: (rules) => {
        if (!this.#isIn(room, member)) throw notHere(rules, member);
        return givingRole(rules, member, role);
      },
    });
  }

  /** Takes roles that somebody has until they leave a room. */
  take(
    asker: Moderator,
    room: string,
    member: Asker,
    roles: readonly TemporaryRole[],
  ): Promise<DoneAct> {
    const needs: Act[] = [roles.includes("moderator") ? "own" : "moderate"];
    const plan = (rules: RoomRules) => takingRoles(rules, member, roles);
    const facts = { target: member.nickname };
    return this.#acts.carryOut({ asker, room, act: "grant", needs, facts, plan });
  }

  #isIn(room: string, member: Asker): boolean {
    return this.#registry.find(room)?.members.has(member as Member) ?? false;
  }
}

/** @param role `undefined` takes the role that the account has. */
function granting(
  rules: RoomRules,
  { key, name }: Pick<Account, "key" | "name">,
  role: Role | undefined,
): Plan {
  const before = rules.roles.get(key);
  if (before === role) {
    throw notPermitted(
      role
        ? `${name} is already ${ROLE_TEXTS[role]} of #${rules.name}.`
        : `${name} has no role in #${rules.name}.`,
    );
  }
  const deed = role
    ? `made ${name} ${ROLE_TEXTS[role]} of #${rules.name}`
    : `took the role of ${before} in #${rules.name} from ${name}`;
  return { ...changing(rules, "role", key, role ?? null), deed, isTold: true };
}
