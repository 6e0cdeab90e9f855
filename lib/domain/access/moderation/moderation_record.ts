/**
 * What an event in #moderation says in its fields: an act, and the values that it replaced.
 *
 * @module
 */

import type { RoomEvent } from "../../room_event.ts";
import type { RuleChange, SwitchName } from "../rules/rule_change.ts";

/** The acts of moderation. */
export type ActName =
  | SwitchName
  | "register"
  | "release"
  | "key"
  | "limit"
  | "slow"
  | "grant"
  | "ban"
  | "unban"
  | "mute"
  | "unmute"
  | "except"
  | "unexcept"
  | "invite"
  | "uninvite"
  | "kick"
  | "kill"
  | "redact"
  | "rename"
  | "undo";

/** The facts of an act. */
export interface ModerationFacts {
  readonly act: ActName;
  /** As the room is shown. */
  readonly room: string;
  /** Key of the account that did it. */
  readonly by?: string;
  /** Against whom, or for whom. */
  readonly target?: string;
  /** The account and the address that it concerns, too. */
  readonly also?: readonly string[];
  readonly reason?: string;
  /** When it ends: ISO 8601. */
  readonly until?: string;
  /** The number of the act that it took back. */
  readonly undoes?: number;
  /** The number of the event that was redacted. */
  readonly of?: string;
  /** The new name, in a rename. */
  readonly to?: string;
  /** What it changed. Empty if it cannot be undone. */
  readonly changes?: readonly RuleChange[];
}

/** The facts of an event; `undefined` if it is no act of moderation. */
export function readFacts({ kind, fields }: RoomEvent): ModerationFacts | undefined {
  const isAct = kind === "moderation" && typeof fields?.act === "string" &&
    typeof fields.room === "string";
  return isAct ? fields as unknown as ModerationFacts : undefined;
}

/** Whether an event is an act that `/undo` may take back. */
export function canBeUndone(event: RoomEvent): boolean {
  return (readFacts(event)?.changes?.length ?? 0) > 0;
}
