/**
 * The settings of a room as the answer to `room-settings`. What only moderators may know is left
 * out for others.
 *
 * @module
 */

import type { AccessControl } from "../../domain/access/access_control.ts";
import type { Attendees, TemporaryRole } from "../../domain/access/attendance.ts";
import type { Act } from "../../domain/access/room_act.ts";
import { alsoShownTo, isInForce } from "../../domain/access/rules/restrictions.ts";
import {
  isOwned,
  openRules,
  type Restriction,
  type Role,
  type RoomRules,
  withRole,
} from "../../domain/access/rules/room_rules.ts";
import type { Asker } from "../../domain/asker.ts";
import type { Room } from "../../domain/rooms/room.ts";
import type { ChatMember } from "../../service/chat/chat_member.ts";
import type { RestrictionJson, RoleJson, RoomSettingsAnswer } from "../protocol.ts";

/** Members with a role that are listed. */
const MOST_MEMBERS = 500;
const ROLES: readonly Role[] = ["owner", "moderator", "voice"];

export interface RoomSettingsOptions {
  readonly access: AccessControl;
  /** Who asks, and may read the room. */
  readonly member: ChatMember;
  /** The room, if it is open. */
  readonly open: Room | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** @param name As the room is shown. */
export function toRoomSettings(
  name: string,
  { access, member, open, now }: RoomSettingsOptions,
): Omit<RoomSettingsAnswer, "type" | "ref"> {
  const rules = access.rules(name) ?? openRules(name);
  const circumstances = { isMember: open?.members.has(member), members: open?.members.size };
  const may = (act: Act) => access.refusal(member, name, act, circumstances) === undefined;
  const isModerator = may("moderate");
  const attendees = access.attendance.in(name);
  return {
    room: name,
    isRegistered: isOwned(rules),
    role: roleOf(member, rules, attendees),
    may: {
      register: may("register"),
      invite: may("invite"),
      moderate: isModerator,
      own: may("own"),
    },
    settings: {
      private: rules.isPrivate,
      hidden: rules.isHidden,
      moderated: rules.isModerated,
      topicLock: rules.hasTopicLock,
      noLog: rules.hasNoLog,
      alerts: rules.tellsAlerts,
      hasKey: rules.key !== undefined,
      key: isModerator ? rules.key : undefined,
      limit: rules.limit,
      slowSeconds: rules.slowSeconds,
    },
    roles: ROLES.flatMap((role) => withRole(rules, role).map((account) => ({ account, role }))),
    members: membersOf(open, rules, attendees),
    ...(isModerator ? forModerators(rules, member, now) : {}),
  };
}

function membersOf(
  open: Room | undefined,
  rules: RoomRules,
  attendees: Attendees | undefined,
): RoomSettingsAnswer["members"] {
  const members: { name: string; role: RoleJson }[] = [];
  for (const member of open?.members ?? []) {
    const role = roleOf(member, rules, attendees);
    if (role) members.push({ name: member.nickname, role });
    if (members.length === MOST_MEMBERS) break;
  }
  return members;
}

/** The role that counts most: for good, or as long as they are there. */
function roleOf(
  asker: Asker,
  { roles }: RoomRules,
  attendees: Attendees | undefined,
): RoleJson | undefined {
  const { account, isOperator } = asker;
  const role = account === undefined ? undefined : roles.get(account);
  if (role === "owner") return role;
  if (isOperator) return "operator";
  const has = (wanted: TemporaryRole) => role === wanted || attendees?.has(asker, wanted);
  return has("moderator") ? "moderator" : has("voice") ? "voice" : undefined;
}

function forModerators(
  { bans, mutes, invited, welcome, exceptions }: RoomRules,
  asker: Asker,
  now: number,
): Pick<RoomSettingsAnswer, "bans" | "mutes" | "invited" | "exceptions"> {
  const inForce = (list: readonly Restriction[]) =>
    list.filter((restriction) => isInForce(restriction, now))
      .map((restriction) => toJson(restriction, asker));
  return {
    bans: inForce(bans),
    mutes: inForce(mutes),
    invited: [...invited, ...welcome],
    exceptions,
  };
}

function toJson(restriction: Restriction, asker: Asker): RestrictionJson {
  const { target, until, by, reason } = restriction;
  return {
    target,
    also: alsoShownTo(asker, restriction),
    until: until === undefined ? undefined : new Date(until).toISOString(),
    by,
    reason,
  };
}
