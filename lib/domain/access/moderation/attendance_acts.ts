/**
 * The acts of moderation that concern people because they are here: roles for as long as they are
 * in a room, and leave to come in once. They need no account, and cannot be taken back with `/undo`.
 *
 * @module
 */

import type { Asker } from "../../asker.ts";
import { DomainError } from "../../domain_error.ts";
import type { TemporaryRole } from "../attendance.ts";
import { ROLE_TEXTS, type RoomRules } from "../rules/room_rules.ts";
import type { Plan } from "./moderation_act.ts";

/** Gives a role to somebody who is in the room, until they leave it. */
export function givingRole(rules: RoomRules, member: Asker, role: TemporaryRole): Plan {
  const { nickname } = member;
  const deed = `made ${nickname} ${ROLE_TEXTS[role]} of #${rules.name} while ${nickname} is here`;
  const grants = [{ member, role, isGiven: true }];
  return { next: rules, changes: [], deed, isTold: true, grants };
}

/** Takes the roles that somebody has until they leave the room. */
export function takingRoles(
  rules: RoomRules,
  member: Asker,
  roles: readonly TemporaryRole[],
): Plan {
  const names = roles.join(" and ");
  const deed = `took the role of ${names} in #${rules.name} from ${member.nickname}`;
  const grants = roles.map((role) => ({ member, role, isGiven: false }));
  return { next: rules, changes: [], deed, isTold: true, grants };
}

/** Lets somebody who is on the server come in once. */
export function expecting(rules: RoomRules, guest: Asker): Plan {
  const deed = `invited ${guest.nickname} to #${rules.name}`;
  return { next: rules, changes: [], deed, expects: guest };
}

/** The error for a role of somebody who is not in the room. */
export function notHere({ name }: RoomRules, { nickname }: Asker): DomainError {
  return new DomainError(
    "no-such-person",
    `${nickname} is not in #${name}. A role that ends when they leave is only for people who are there.`,
  );
}
