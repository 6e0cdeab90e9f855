/**
 * The settings of a room that its owner changes: switches, key, limit and slow mode.
 *
 * @module
 */

import { characterCount } from "../../character_count.ts";
import { countText, groupDigits } from "../../wording.ts";
import { notPermitted } from "../refusal.ts";
import type { RoomRules } from "../rules/room_rules.ts";
import { SWITCHES, type SwitchName } from "../rules/rule_change.ts";
import type { ActSequence } from "./act_sequence.ts";
import type { DoneAct, Moderator, Plan } from "./moderation_act.ts";
import { changing } from "./plan_changes.ts";

/** Characters of a room's key. */
const LONGEST_KEY = 64;
/** What a key must be, as a sentence. On IRC, a comma begins another key, and a colon the last word. */
export const KEY_RULE =
  `A key is one word of up to ${LONGEST_KEY} characters, with no commas and no colon at the start.`;

const MOST_PEOPLE = 1_000_000;
/** What a limit must be, as a sentence. */
export const LIMIT_RULE = `A limit is a number of people from 1 to ${groupDigits(MOST_PEOPLE)}.`;

const MOST_SLOW_SECONDS = 24 * 60 * 60;

/** Whether a word can be the key of a room. */
export function isKey(word: string): boolean {
  return /^[^\s,:][^\s,]*$/.test(word) && characterCount(word) <= LONGEST_KEY;
}

/** Whether a number can be the limit of a room. */
export function isLimit(people: number): boolean {
  return Number.isInteger(people) && people >= 1 && people <= MOST_PEOPLE;
}

export class RoomSettings {
  readonly #acts: ActSequence;

  constructor(acts: ActSequence) {
    this.#acts = acts;
  }

  /** Switches a setting of a room on or off. */
  switch(asker: Moderator, room: string, name: SwitchName, isOn: boolean): Promise<DoneAct> {
    const plan = (rules: RoomRules) => switching(rules, name, isOn);
    return this.#acts.carryOut({ asker, room, act: name, needs: ["own"], plan });
  }

  /** Sets the word that newcomers must give. @param key `undefined` for none. */
  setKey(asker: Moderator, room: string, key: string | undefined): Promise<DoneAct> {
    const plan = (rules: RoomRules) => keying(rules, key);
    return this.#acts.carryOut({ asker, room, act: "key", needs: ["own"], plan });
  }

  /** Sets how many people may be in a room. @param limit `undefined` for any number. */
  setLimit(asker: Moderator, room: string, limit: number | undefined): Promise<DoneAct> {
    const plan = (rules: RoomRules) => limiting(rules, limit);
    return this.#acts.carryOut({ asker, room, act: "limit", needs: ["own"], plan });
  }

  /** Sets the time between two messages of one person. @param seconds 0 for none. */
  setSlowMode(asker: Moderator, room: string, seconds: number): Promise<DoneAct> {
    const plan = (rules: RoomRules) => slowing(rules, seconds);
    return this.#acts.carryOut({ asker, room, act: "slow", needs: ["own"], plan });
  }
}

function switching(rules: RoomRules, name: SwitchName, isOn: boolean): Plan {
  if (rules[SWITCHES[name]] === isOn) {
    throw notPermitted(`${name} is already ${isOn ? "on" : "off"} in #${rules.name}.`);
  }
  const deed = SWITCH_DEEDS[name][isOn ? 0 : 1].replace("ROOM", `#${rules.name}`);
  return { ...changing(rules, name, undefined, isOn || null), deed, isTold: true };
}

/** What is done by switching a setting on, and off. */
const SWITCH_DEEDS: Readonly<Record<SwitchName, readonly [string, string]>> = {
  private: [
    "made ROOM private: only people with a role or an invitation may read and enter it",
    "made ROOM public: everybody may enter it and read its past",
  ],
  hidden: ["hid ROOM from the lists of rooms", "put ROOM on the lists of rooms"],
  moderated: [
    "made ROOM moderated: only people with a role may speak",
    "let everybody speak in ROOM",
  ],
  "topic-lock": [
    "locked the topic of ROOM: only moderators may set it",
    "unlocked the topic of ROOM",
  ],
  "no-log": [
    "turned no-log on in ROOM: from now on only numbers and times are kept, not what is said or " +
    "by whom",
    "turned no-log off in ROOM: what is said is kept again",
  ],
  "no-ctcp": [
    "closed ROOM to CTCP requests, with which IRC clients query each other",
    "opened ROOM to CTCP requests",
  ],
  outside: [
    "let people who are not in ROOM say something there",
    "let only people who are in ROOM say something there",
  ],
  alerts: [
    "let alerts report elsewhere what is said in ROOM",
    "stopped alerts from reporting elsewhere what is said in ROOM",
  ],
};

/** @param key `undefined` for none. */
function keying(rules: RoomRules, key: string | undefined): Plan {
  if (key === rules.key) {
    throw notPermitted(
      `#${rules.name} already has ${key === undefined ? "no" : "that"} key.`,
    );
  }
  if (key !== undefined && !isKey(key)) throw notPermitted(KEY_RULE);
  const deed = key === undefined
    ? `removed the key of #${rules.name}`
    : `set a key for #${rules.name}, which newcomers need`;
  return { ...changing(rules, "key", undefined, key ?? null), deed, isTold: true };
}

/** @param limit `undefined` for none. */
function limiting(rules: RoomRules, limit: number | undefined): Plan {
  if (limit === rules.limit) {
    throw notPermitted(
      `#${rules.name} already has ${limit === undefined ? "no" : "that"} limit.`,
    );
  }
  if (limit !== undefined && !isLimit(limit)) throw notPermitted(LIMIT_RULE);
  const deed = limit === undefined
    ? `removed the limit of #${rules.name}`
    : `limited #${rules.name} to ${limit === 1 ? "1 person" : `${groupDigits(limit)} people`}`;
  return { ...changing(rules, "limit", undefined, limit ?? null), deed, isTold: true };
}

/** @param seconds 0 for none. */
function slowing(rules: RoomRules, seconds: number): Plan {
  if (seconds === rules.slowSeconds) {
    throw notPermitted(
      `Slow mode of #${rules.name} is ${seconds ? `${seconds} s` : "off"} already.`,
    );
  }
  if (!(Number.isInteger(seconds) && seconds >= 0 && seconds <= MOST_SLOW_SECONDS)) {
    throw notPermitted(`Slow mode takes a number of seconds from 1 to ${MOST_SLOW_SECONDS}.`);
  }
  const deed = seconds === 0
    ? `turned off slow mode in #${rules.name}`
    : `set slow mode in #${rules.name}: one message in ${countText(seconds, "second")}`;
  return { ...changing(rules, "slow", undefined, seconds || null), deed, isTold: true };
}
