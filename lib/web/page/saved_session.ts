/**
 * The client state saved across reloads of its tab.
 *
 * @module
 */

import type { EventJson } from "../protocol.ts";
import type { UnsentRecord } from "./unsent.ts";

export interface SavedSession {
  readonly name?: string;
  /** From the last `welcome`, to take the name over from a connection that is still open. */
  readonly session?: string;
  /** The joined rooms. */
  readonly rooms: readonly SavedRoom[];
  readonly unsent: readonly UnsentRecord[];
  /** What is known of the rooms, to begin with. Saved apart. */
  readonly copies?: readonly RoomCopy[];
  /** Whether the server has a password. The password itself is not saved. */
  readonly isGuarded?: boolean;
}

export interface SavedRoom {
  readonly room: string;
  /** Number of the last event read. */
  readonly read?: number;
}

/** The latest messages of a room; see `room_copy.ts`. */
export interface RoomCopy {
  readonly room: string;
  readonly topic: string;
  /** Number of the last event when it was made. */
  readonly lastSeq: number;
  readonly events: readonly EventJson[];
}

/** Parses a saved session; `undefined` if there is none or another version wrote it. */
export function parseSavedSession(text: string | null): SavedSession | undefined {
  if (text === null) return undefined;
  try {
    const { name, session, rooms, unsent, isGuarded } = JSON.parse(text);
    if (!isOptionalText(name) || !isOptionalText(session)) return undefined;
    if (!Array.isArray(rooms) || !rooms.every(isRoom)) return undefined;
    if (!Array.isArray(unsent) || !unsent.every(isUnsent)) return undefined;
    return { name, session, rooms, unsent, ...(isGuarded === true && { isGuarded }) };
  } catch {
    return undefined;
  }
}

function isRoom(value: SavedRoom): boolean {
  return typeof value.room === "string" && isOptionalNumber(value.read);
}

function isUnsent({ room, body, kind, from, after, seq, since }: UnsentRecord): boolean {
  return typeof room === "string" && typeof body === "string" &&
    (kind === "message" || kind === "action") && isOptionalText(from) &&
    isOptionalNumber(after) && isOptionalNumber(seq) && isOptionalNumber(since);
}

function isOptionalText(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}

function isOptionalNumber(value: unknown): boolean {
  return value === undefined || Number.isSafeInteger(value);
}
