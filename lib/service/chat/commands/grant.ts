import type { Role } from "../../../domain/access/room_rules.ts";
import { type ChatCommand, showUsage } from "../command.ts";
import { answerAct, resolveAccount } from "../moderation_target.ts";

/** What can be granted in a room. */
export const GRANTS: readonly (Role | "none")[] = ["owner", "moderator", "voice", "none"];

export const grant: ChatCommand = {
  name: "grant",
  usage: "/grant NAME owner|moderator|voice|none",
  summary: "give somebody a role in this room",
  details:
    "Owners change the room's settings and grant roles, moderators keep order, and a voice " +
    "may speak while the room is moderated. NAME has an account. For owners.",
  async run(person, argument) {
    const room = person.requireRoom();
    const [name = "", word = "", ...rest] = argument.split(/\s+/);
    const role = GRANTS.find((grant) => grant === word.toLowerCase());
    if (name === "" || !role || rest.length > 0) return showUsage(person, grant);
    const { moderation } = person.chat;
    const account = resolveAccount(person, name);
    const granted = role === "none" ? undefined : role;
    answerAct(person, await moderation.grant(person.member, room.name, account, granted));
  },
};
