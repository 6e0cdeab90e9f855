/**
 * What a client knows when its tab is loaded again.
 *
 * @module
 */

import type { UnsentRecord } from "./unsent.ts";

export interface SavedSession {
  readonly name?: string;
  /** Of the last `welcome`, to take the name over from a connection that is not dead yet. */
  readonly session?: string;
  /** The rooms that one is in. */
  readonly rooms: readonly SavedRoom[];
  readonly unsent: readonly UnsentRecord[];
}

export interface SavedRoom {
  readonly room: string;
  /** The number of the last event that was looked at. */
  readonly read?: number;
}

/** What was kept as JSON; `undefined` for nothing, or for what another version has left there. */
export function parseSavedSession(text: string | null): SavedSession | undefined {
  if (text === null) return undefined;
  try {
    const { name, session, rooms, unsent } = JSON.parse(text);
    if (!isOptionalText(name) || !isOptionalText(session)) return undefined;
    if (!Array.isArray(rooms) || !rooms.every(isRoom)) return undefined;
    if (!Array.isArray(unsent) || !unsent.every(isUnsent)) return undefined;
    return { name, session, rooms, unsent };
  } catch {
    return undefined;
  }
}

function isRoom(value: SavedRoom): boolean {
  return typeof value.room === "string" && isOptionalNumber(value.read);
}

function isUnsent({ room, body, kind, from, after, seq }: UnsentRecord): boolean {
  return typeof room === "string" && typeof body === "string" &&
    (kind === "message" || kind === "action") && isOptionalText(from) &&
    isOptionalNumber(after) && isOptionalNumber(seq);
}

function isOptionalText(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}

function isOptionalNumber(value: unknown): boolean {
  return value === undefined || Number.isSafeInteger(value);
}
