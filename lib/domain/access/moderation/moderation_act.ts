/**
 * An act of moderation: who orders it, what it changes, and what is recorded once it is done.
 *
 * @module
 */

import type { Asker } from "../../asker.ts";
import type { Draft } from "../../room_event.ts";
import type { StateSetting } from "../../state_store.ts";
import type { TemporaryGrant } from "../attendance.ts";
import type { Act } from "../room_act.ts";
import type { RoomRules } from "../rules/room_rules.ts";
import type { RuleChange } from "../rules/rule_change.ts";
import type { ActName, ModerationFacts } from "./moderation_record.ts";

/** Who acts: a person at any door, or the operator on the machine. */
export interface Moderator extends Asker {
  /** How they are connected, e.g. `telnet`. */
  readonly via?: string;
  /** The number of their session, which what they say has; absent for who is in no session. */
  readonly origin?: number;
}

/** Whom an act is against, as a moderator named them. */
export interface Target {
  /** A name, an account, a mask, an address or a range. */
  readonly name: string;
  /** Their account and address, where it concerns these too. */
  readonly also?: readonly string[];
}

/** An act to be carried out. */
export interface Order {
  readonly asker: Moderator;
  /** The room's name. */
  readonly room: string;
  readonly act: ActName;
  /** What the asker must be permitted to do; all of it. */
  readonly needs: readonly Act[];
  readonly facts?: Omit<ModerationFacts, "act" | "room">;
  /** Events that are stored together with the record. */
  readonly drafts?: readonly Draft[];
  readonly settings?: readonly StateSetting[];
  /** Makes sure, once all acts before are done, that it still makes sense. Throws if not. */
  check?(): Promise<void>;
  /** How the rules change. Throws if the act makes no sense. */
  plan(rules: RoomRules, now: number): Plan;
}

/** What an act changes. */
export interface Plan {
  readonly next: RoomRules;
  readonly changes: readonly RuleChange[];
  /** What was done, to go after the name of who did it: `banned bob from #ops`. */
  readonly deed: string;
  /** Whether the people in the room are told in its stream. */
  readonly isTold?: boolean;
  /** The fields of what they are told. */
  readonly fields?: Draft["fields"];
  /** Roles that people get or lose for as long as they are there. */
  readonly grants?: readonly TemporaryGrant[];
  /** Somebody who may come in once, whatever the rules. */
  readonly expects?: Asker;
  /** Set for a rename, which determines the new rules. */
  readonly move?: Move;
}

/** A rename: everybody in a room moves to another one. */
export interface Move {
  readonly to: string;
  /** Drafts for both rooms. */
  readonly drafts: readonly Draft[];
}

/** An act that is done and on record. */
export interface DoneAct {
  /** Its number in #moderation. */
  readonly seq: number;
  /** Who did it. */
  readonly by: string;
  readonly facts: ModerationFacts;
  /** What was done, to go after the name of who did it. */
  readonly deed: string;
  /** Whether `/undo` may take it back. */
  readonly canBeUndone: boolean;
  /** Whether the people in the room have been told in its stream. */
  readonly isTold: boolean;
  /** Roles that people got or lost for as long as they are there. */
  readonly grants?: readonly TemporaryGrant[];
}
