/**
 * What somebody wants with a room, and the circumstances that it depends on.
 *
 * @module
 */

import type { Attendees } from "./attendance.ts";

/**
 * What somebody wants with a room: know that it exists; read its past and present; enter it; speak
 * in it; write log lines into it; set its topic; react to what was said; pin it; invite people; keep
 * order in it; change its rules; become its owner when it has none.
 */
export type Act =
  | "see"
  | "read"
  | "join"
  | "speak"
  | "log"
  | "topic"
  | "react"
  | "pin"
  | "invite"
  | "moderate"
  | "own"
  | "register";

/** Circumstances that some acts depend on. */
export interface Circumstances {
  /** Whether the asker is in the room. */
  readonly isMember?: boolean;
  /** The key that was given. */
  readonly key?: string;
  /** How many people are in the room. */
  readonly members?: number;
  /** When the asker spoke there last, milliseconds since 1970. */
  readonly spokeAt?: number;
  /** Whether it is a question to clients (CTCP) and no text for people. */
  readonly isCtcp?: boolean;
  /** Those who have a role in the room as long as they are in it. */
  readonly attendees?: Attendees;
}

/** Acts that need a role in the room. */
const POWERS: ReadonlySet<Act> = new Set<Act>(["invite", "moderate", "own"]);

/** Whether an act needs a role in the room. */
export function takesPower(act: Act): boolean {
  return POWERS.has(act);
}
