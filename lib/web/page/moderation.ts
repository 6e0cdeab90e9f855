/**
 * Acts of moderation as commands, and what the user may do to whom.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import type { EventJson, RoleJson, RoomSettingsAnswer } from "../protocol.ts";

/** An act for which the page asks for a reason first. */
export interface Measure {
  readonly act: "kick" | "ban" | "mute" | "redact";
  /** Absent if it concerns a conversation. */
  readonly room?: string;
  /** The other person of the conversation. */
  readonly partner?: string;
  /** Whom it concerns; of `redact`, who said it. */
  readonly person: string;
  /** What to redact. */
  readonly event?: EventJson;
}

/** Choices for how long a ban or mute lasts, and their names. */
export const DURATIONS: readonly (readonly [duration: string, name: string])[] = [
  ["10m", "10 minutes"],
  ["1h", "1 hour"],
  ["1d", "1 day"],
  ["7d", "1 week"],
  ["", "permanently"],
];

/** Whether an act lasts for a time. */
export function hasDuration({ act }: Measure): boolean {
  return act === "ban" || act === "mute";
}

export interface MeasureDetails {
  /** As in `DURATIONS`. */
  readonly duration: string;
  /** Whether it concerns the person's address, too. */
  readonly hasAddress: boolean;
  readonly reason: string;
}

/** A word that the command would take for something else than the beginning of a reason. */
const NO_REASON = /^(?:\d+[smhdw]|\+address)(?:\s|$)/i;

/** The command of an act. */
export function commandOf(
  measure: Measure,
  { duration, hasAddress, reason }: MeasureDetails,
): string {
  const { act, person, partner, event } = measure;
  const text = oneLine(reason);
  const redacted = `${partner === undefined ? "" : `@${partner}`}#${event?.seq}`;
  const words = [`/${act}`, act === "redact" ? redacted : person];
  if (hasDuration(measure)) {
    if (hasAddress) words.push("+address");
    if (duration !== "") words.push(duration);
    else if (NO_REASON.test(text)) words.push("reason:");
  }
  if (text !== "") words.push(text);
  return words.join(" ");
}

/** A text as part of a command, which is one line. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

/** How roles compare. Acting against somebody takes a higher one. */
export const RANK = { none: 0, voice: 1, moderator: 2, owner: 3, operator: 4 } as const;

/** The role that an account or a member has in a room. */
export function roleOf(settings: RoomSettingsAnswer, name: string): RoleJson | undefined {
  const key = nameKey(name);
  return settings.members.find((member) => nameKey(member.name) === key)?.role ??
    settings.roles.find(({ account }) => nameKey(account) === key)?.role;
}

/** The settings that are on or off: their command, what they are called and what they mean. */
export const ROOM_SWITCHES = [
  [
    "private",
    "private",
    "Private",
    "only people with a role or an invitation can find and read it.",
  ],
  [
    "hidden",
    "hidden",
    "Hidden",
    "it isn't listed, but anyone who knows its name can enter and read it.",
  ],
  ["moderated", "moderated", "Moderated", "only people with a role can speak."],
  ["topicLock", "topic-lock", "Topic lock", "only moderators can set the topic."],
  ["noLog", "no-log", "No log", "only numbers and times are kept, not what is said or by whom."],
] as const;

/** The rules of a room in sentences. */
export function rulesInWords(settings: RoomSettingsAnswer): string[] {
  const values = settings.settings;
  const { hasKey, limit, slowSeconds } = values;
  const switched = ROOM_SWITCHES
    // Nobody finds a private room, hidden or not.
    .filter(([property]) => values[property] && !(property === "hidden" && values.private))
    .map(([, , label, meaning]) => `${label}: ${meaning}`);
  const sentences = [
    values.private || values.hidden ? "" : "Public: everybody can find, enter and read it.",
    ...switched,
    hasKey ? "A key is needed to enter." : "",
    limit === undefined ? "" : `At most ${limit} people can be in it.`,
    slowSeconds > 0 ? `Slow mode: one message every ${slowSeconds} s from each person.` : "",
  ];
  return sentences.filter((sentence) => sentence !== "");
}

/** Who can do what the user cannot. */
export function whoMay({ roles, may }: RoomSettingsAnswer): string | undefined {
  if (may.own) return undefined;
  const named = (wanted: RoleJson) =>
    roles.filter(({ role }) => role === wanted).map(({ account }) => account);
  const owners = named("owner");
  if (owners.length === 0) return "Operators of the server can change this.";
  const moderators = named("moderator");
  const help = moderators.length === 0 || may.moderate
    ? ""
    : ` ${moderators.join(", ")} can kick, ban and invite people.`;
  return `${owners.join(", ")} can change this.${help}`;
}

/** Who keeps order in a room that nobody owns, until they leave it. */
export function whoKeeps({ isRegistered, role, members }: RoomSettingsAnswer): string | undefined {
  if (isRegistered) return undefined;
  if (role === "moderator") {
    return "You moderate it until you leave. What you set lasts until everybody has left.";
  }
  const keepers = members.filter((member) => member.role === "moderator").map(({ name }) => name);
  if (keepers.length === 0) return undefined;
  return `${keepers.join(", ")} can change this until they leave.`;
}
