/**
 * The settings of a room in words.
 *
 * @module
 */

import type { AccessControl } from "../../../domain/access/access_control.ts";
import type { Attendees } from "../../../domain/access/attendance.ts";
import type { Circumstances } from "../../../domain/access/room_act.ts";
import {
  isOwned,
  openRules,
  type RoomRules,
  withRole,
} from "../../../domain/access/rules/room_rules.ts";
import type { Asker } from "../../../domain/asker.ts";
import { countText } from "../../../domain/wording.ts";

/** Names listed of those with one role. */
const MOST_NAMES = 20;

/**
 * The settings as lines, for somebody who may read the room.
 *
 * @param circumstances Whether they are in it, and how many are.
 */
export function describeRoom(
  name: string,
  access: AccessControl,
  asker: Asker,
  circumstances: Circumstances,
): string[] {
  const rules = access.rules(name) ?? openRules(name);
  const isModerator = access.refusal(asker, name, "moderate") === undefined;
  // Who is in a hidden room is known to those who may list it.
  const mayList = access.refusal(asker, name, "see", circumstances) === undefined;
  const attendees = mayList ? access.attendance.in(name) : undefined;
  const lines = [
    isOwned(rules)
      ? `#${name} belongs to ${names(withRole(rules, "owner"))}.`
      : mayList
      ? whoKeeps(name, attendees)
      : `#${name} has no owner.`,
  ];
  if (!isOwned(rules)) {
    const refusal = access.refusal(asker, name, "register", circumstances);
    lines.push(refusal?.message ?? "/room register makes it yours.");
  }
  const moderators = withRole(rules, "moderator");
  if (moderators.length > 0) lines.push(`Moderators: ${names(moderators)}.`);
  const voices = withRole(rules, "voice");
  if (voices.length > 0) lines.push(`Voices: ${names(voices)}.`);
  lines.push(...settings(rules, isModerator));
  if (isModerator) lines.push(...numbers(rules));
  if (rules.isTemporary) lines.push("These settings last until the room is empty.");
  if (access.refusal(asker, name, "own") === undefined) {
    lines.push("/help room says how to change this.");
  }
  return lines;
}

function whoKeeps(name: string, attendees: Attendees | undefined): string {
  const keepers = [...attendees?.with("moderator") ?? []].map(({ nickname }) => nickname);
  return keepers.length === 0
    ? `#${name} has no owner, so only operators of the server can moderate it.`
    : `#${name} has no owner. Moderators until they leave: ${names(keepers)}.`;
}

function settings(rules: RoomRules, isModerator: boolean): string[] {
  const { key, limit, slowSeconds } = rules;
  const lines: (string | false)[] = [
    rules.isPrivate
      ? "private: only people with a role or an invitation may read and enter it."
      : key === undefined && "Everybody may read and enter it.",
    rules.isHidden && "hidden: no list of rooms shows it.",
    rules.isModerated && "moderated: only people with a role may speak.",
    rules.hasTopicLock && "topic-lock: only moderators may set the topic.",
    rules.hasNoLog && "no-log: only numbers and times are kept, not what is said or by whom.",
    rules.hasNoCtcp && "no-ctcp: CTCP requests of IRC clients are refused.",
    rules.takesOutside && "outside: people who are not in it may say something in it.",
    key !== undefined && `key: newcomers need one${isModerator ? `, ${key}` : ""}.`,
    limit !== undefined && `limit: ${limit === 1 ? "1 person" : `${limit} people`}.`,
    slowSeconds > 0 && `slow: one message in ${countText(slowSeconds, "second")}.`,
    rules.tellsAlerts && "alerts: they may report elsewhere what is said in it.",
  ];
  return lines.filter((line) => line !== false);
}

function numbers({ bans, mutes, invited, welcome }: RoomRules): string[] {
  const lines: string[] = [];
  if (bans.length + mutes.length > 0) {
    lines.push(
      `${countText(bans.length, "ban")}, ${countText(mutes.length, "mute")}; /bans lists them.`,
    );
  }
  const expected = [...invited, ...welcome];
  if (expected.length > 0) lines.push(`Invited: ${names(expected)}.`);
  return lines;
}

function names(all: readonly string[]): string {
  const more = all.length - MOST_NAMES;
  const listed = all.slice(0, MOST_NAMES).join(", ");
  return more > 0 ? `${listed} and ${countText(more, "other")}` : listed;
}
