/**
 * What holds in a room as long as somebody is there, as the nodes of a cluster have it stored. It
 * names people by origin; of these, who has a role or was let in is in the room.
 *
 * @module
 */

import type { AttendeesRecord } from "./attendance.ts";

export interface Stay extends AttendeesRecord {
  /** The name of who changed it last. */
  readonly by: string;
  /** The room that its people are still known to be in. */
  readonly from?: string;
  /** The rules that pass, as they are stored elsewhere. */
  readonly rules?: string;
}

export function parseStay(text: string): Stay {
  return JSON.parse(text);
}

export function formatStay(stay: Stay): string {
  return JSON.stringify(stay);
}

/** The origins of those who have to be in the room. */
export function attendantsOf({ roles, admitted }: Stay): readonly number[] {
  return [...roles.map(([origin]) => origin), ...admitted];
}

/** What is left of it once somebody has entered: whoever was expected is there. */
export function afterEntry(stay: Stay, origin: number): Stay {
  const { expected, admitted } = stay;
  if (!expected.includes(origin)) return stay;
  return {
    ...stay,
    expected: expected.filter((other) => other !== origin),
    admitted: [...admitted, origin],
  };
}

/** What is left of it once somebody has left. */
export function afterExit(stay: Stay, origin: number): Stay {
  if (!attendantsOf(stay).includes(origin)) return stay;
  const { roles, admitted } = stay;
  return {
    ...stay,
    roles: roles.filter(([other]) => other !== origin),
    admitted: admitted.filter((other) => other !== origin),
  };
}
