/**
 * The rules of a room as the modes of a channel:
 *
 * - `C` no CTCP, `i` private, `m` moderated, `n` nothing from outside, `s` hidden, `t` topic lock;
 * - `k` key, `l` limit;
 * - lists: `b` bans (and mutes, as `$m:MASK`), `e` exceptions to either, `I` who may enter although the
 *   room is private.
 *
 * @module
 */

import type { IrcReply } from "../../../codec/irc_message.ts";
import { exceptedTarget, isOfMutes, MUTE_MASK } from "../../../domain/access/rules/restrictions.ts";
import type { Restriction, RoomRules } from "../../../domain/access/rules/room_rules.ts";
import type { SwitchName } from "../../../domain/access/rules/rule_change.ts";
import type { Member } from "../../../domain/rooms/room_stream.ts";
import { toChannel, toIrcNick } from "../irc_names.ts";
import { toListMask } from "./list_masks.ts";

/** A mode that is on or off. */
export interface Flag {
  readonly name: SwitchName;
  /** Whether the mode is on while the setting is off. */
  readonly isInverted?: boolean;
  isOn(rules: RoomRules): boolean;
}

/** By letter. */
export const FLAGS: ReadonlyMap<string, Flag> = new Map<string, Flag>([
  ["C", { name: "no-ctcp", isOn: (rules) => rules.hasNoCtcp }],
  ["i", { name: "private", isOn: (rules) => rules.isPrivate }],
  ["m", { name: "moderated", isOn: (rules) => rules.isModerated }],
  ["n", { name: "outside", isInverted: true, isOn: (rules) => !rules.takesOutside }],
  ["s", { name: "hidden", isOn: (rules) => rules.isHidden }],
  ["t", { name: "topic-lock", isOn: (rules) => rules.hasTopicLock }],
]);

/** Letters of lists. */
export const LIST_LETTERS = ["b", "e", "I"] as const;
export type ListLetter = typeof LIST_LETTERS[number];

/** All modes of channels, for 004, and those that take a parameter. */
export const CHANNEL_MODES = "beIklimnstCov";
export const MODES_WITH_PARAMETER = "beIklov";

/** Most changes with a parameter in one command, and in one line: all that fit beside the channel. */
export const MOST_CHANGES = 13;
/** Bytes of the parameters of one line; the rest is for who, where and letters. */
const LINE_BYTES = 330;

/** The signs before names, and their letters. */
const SIGNS = [["@", "o"], ["+", "v"]] as const;

/** A mode that was set or taken off. */
export interface ModeChange {
  readonly isSet: boolean;
  readonly letter: string;
  readonly param?: string;
}

/** An entry of a list. */
export interface ListEntry {
  readonly mask: string;
  /** As the rules have it. */
  readonly target: string;
  /** Whether it is about speaking, and not about entering. */
  readonly isMute?: boolean;
  readonly by?: string;
  /** Milliseconds since 1970. */
  readonly at?: number;
}

/** The modes of a room and their parameters: `+kn` and `sesame`. @param showsKey Or just `*`. */
export function channelModesOf(rules: RoomRules, showsKey: boolean): string[] {
  let letters = "+";
  const params: string[] = [];
  for (const [letter, flag] of FLAGS) {
    if (flag.isOn(rules)) letters += letter;
  }
  if (rules.key !== undefined) {
    letters += "k";
    params.push(showsKey ? rules.key : "*");
  }
  if (rules.limit !== undefined) {
    letters += "l";
    params.push(String(rules.limit));
  }
  return [letters, ...params];
}

/** The entries of a list. */
export function listOf(rules: RoomRules, letter: ListLetter): ListEntry[] {
  return unmaskedList(rules, letter).map((entry) => ({ ...entry, mask: maskOf(entry) }));
}

function maskOf({ target, isMute }: Omit<ListEntry, "mask">): string {
  return (isMute ? MUTE_MASK : "") + toListMask(exceptedTarget(target));
}

function unmaskedList(rules: RoomRules, letter: ListLetter): Omit<ListEntry, "mask">[] {
  if (letter === "e") {
    return rules.exceptions.map((target) => ({ target, isMute: isOfMutes(target) }));
  }
  if (letter === "I") return rules.welcome.map((target) => ({ target }));
  const restricted = (isMute: boolean) => ({ target, by, at }: Restriction) => ({
    target,
    isMute,
    by,
    at,
  });
  return [...rules.bans.map(restricted(false)), ...rules.mutes.map(restricted(true))];
}

/** What has changed from some rules to others, as modes. */
export function modeChanges(before: RoomRules, after: RoomRules): ModeChange[] {
  const changes: ModeChange[] = [];
  for (const [letter, flag] of FLAGS) {
    const isSet = flag.isOn(after);
    if (isSet !== flag.isOn(before)) changes.push({ isSet, letter });
  }
  if (before.key !== after.key) changes.push(paramChange("k", after.key, "*"));
  if (before.limit !== after.limit) changes.push(paramChange("l", after.limit?.toString()));
  for (const letter of LIST_LETTERS) changes.push(...listChanges(before, after, letter));
  return changes;
}

function paramChange(letter: string, value: string | undefined, unset?: string): ModeChange {
  return { isSet: value !== undefined, letter, param: value ?? unset };
}

/** Only what differs is made a mask: a list may have hundreds of entries. */
function listChanges(before: RoomRules, after: RoomRules, letter: ListLetter): ModeChange[] {
  const entries = (rules: RoomRules) =>
    new Map(unmaskedList(rules, letter).map((entry) => [`${entry.isMute} ${entry.target}`, entry]));
  const [old, now] = [entries(before), entries(after)];
  const changes = (isSet: boolean, some: typeof old, others: typeof old): ModeChange[] =>
    [...some].filter(([key]) => !others.has(key))
      .map(([, entry]) => ({ isSet, letter, param: maskOf(entry) }));
  return [...changes(false, old, now), ...changes(true, now, old)];
}

/** The changes of modes that lead from some signs to others. */
export function signChanges(
  { nickname }: Pick<Member, "nickname">,
  before: string,
  after: string,
): ModeChange[] {
  return SIGNS.flatMap(([sign, letter]) => {
    const isSet = after.includes(sign);
    return isSet === before.includes(sign) ? [] : [{ isSet, letter, param: toIrcNick(nickname) }];
  });
}

/** Tells of changes of a room's modes, in as few lines as they fit. */
export function modeLines(
  source: string,
  room: string,
  changes: readonly ModeChange[],
): IrcReply[] {
  const lines: IrcReply[] = [];
  let letters = "";
  let sign = "";
  let params: string[] = [];
  let bytes = 0;
  const flush = () => {
    if (letters === "") return;
    lines.push({ source, verb: "MODE", params: [toChannel(room), letters, ...params] });
    [letters, sign, params, bytes] = ["", "", [], 0];
  };
  for (const { isSet, letter, param } of changes) {
    // A character of a mask has at most three bytes for each UTF-16 unit.
    const size = param === undefined ? 0 : param.length * 3;
    if (params.length === MOST_CHANGES || bytes + size > LINE_BYTES) flush();
    const wanted = isSet ? "+" : "-";
    letters += wanted === sign ? letter : wanted + letter;
    sign = wanted;
    if (param !== undefined) params.push(param);
    bytes += size;
  }
  flush();
  return lines;
}
