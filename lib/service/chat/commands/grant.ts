import type { DoneAct } from "../../../domain/access/moderation/moderation_act.ts";
import type { TemporaryRole } from "../../../domain/access/attendance.ts";
import { isOwned, type Role } from "../../../domain/access/rules/room_rules.ts";
import type { ChatMember } from "../chat_member.ts";
import type { ChatSession } from "../chat_session.ts";
import { type ChatCommand, showUsage } from "../command.ts";
import { answerAct, resolveAccount } from "../moderation_target.ts";

/** What can be granted in a room. */
export const GRANTS: readonly (Role | "none")[] = ["owner", "moderator", "voice", "none"];

export const grant: ChatCommand = {
  name: "grant",
  usage: "/grant NAME owner|moderator|voice|none",
  summary: "give somebody a role in this room",
  details:
    "Owners change the room's settings and grant roles, moderators kick, ban and mute, and a voice " +
    "may speak while the room is moderated. NAME has an account; in a room that nobody owns, NAME " +
    "is here, and keeps the role until they leave. For owners.",
  async run(person, argument) {
    const room = person.requireRoom();
    const [name = "", word = "", ...rest] = argument.split(/\s+/);
    const role = GRANTS.find((grant) => grant === word.toLowerCase());
    if (name === "" || !role || rest.length > 0) return showUsage(person, grant);
    const here = person.chat.people.find(name);
    const member = here?.findRoom(room.name) && here.member;
    const temporary = member && grantHere(person, room.name, member, role);
    if (temporary) return answerAct(person, await temporary);
    const account = resolveAccount(person, name);
    const granted = role === "none" ? undefined : role;
    const { moderation } = person.chat;
    answerAct(person, await moderation.roles.grant(person.member, room.name, account, granted));
  },
};

/** Begins to give or take a role that lasts while somebody is here; `undefined` if it should stay. */
function grantHere(
  { chat: { access, moderation }, member: asker }: ChatSession,
  room: string,
  member: ChatMember,
  role: Role | "none",
): Promise<DoneAct> | undefined {
  const attendees = access.attendance.in(room);
  const has = (role: TemporaryRole) => attendees?.has(member, role) ?? false;
  if (role === "none") {
    const roles = (["moderator", "voice"] as const).filter(has);
    return roles.length > 0 ? moderation.roles.take(asker, room, member, roles) : undefined;
  }
  const rules = access.rules(room);
  const isForGood = role === "owner" || asker.isOperator || (rules && isOwned(rules)) || has(role);
  return isForGood ? undefined : moderation.roles.give(asker, room, member, role);
}
