/**
 * The temporary state of a room, which lasts until the room is empty, as the nodes of a cluster
 * store it. People are named by origin; those with a role or an admission are in the room.
 *
 * @module
 */

import type { AttendeesRecord } from "./attendance.ts";

export interface Stay extends AttendeesRecord {
  /** The nickname of whoever changed it last. */
  readonly by: string;
  /** The room that its people are still known to be in. */
  readonly from?: string;
  /** The temporary rules, in the form in which lasting rules are stored. */
  readonly rules?: string;
}

/** Reads a value of the state store. @throws {SyntaxError} if it is not JSON. */
export function parseStay(text: string): Stay {
  return JSON.parse(text);
}

/** Writes what {@linkcode parseStay} reads. */
export function formatStay(stay: Stay): string {
  return JSON.stringify(stay);
}

/** The origins of everybody who must be in the room. */
export function attendantsOf({ roles, admitted }: Stay): readonly number[] {
  return [...roles.map(([origin]) => origin), ...admitted];
}

/** The state after somebody has entered, who is no longer expected. */
export function afterEntry(stay: Stay, origin: number): Stay {
  const { expected, admitted } = stay;
  if (!expected.includes(origin)) return stay;
  return {
    ...stay,
    expected: expected.filter((other) => other !== origin),
    admitted: [...admitted, origin],
  };
}

/** The state after somebody has left. */
export function afterExit(stay: Stay, origin: number): Stay {
  if (!attendantsOf(stay).includes(origin)) return stay;
  const { roles, admitted } = stay;
  return {
    ...stay,
    roles: roles.filter(([other]) => other !== origin),
    admitted: admitted.filter((other) => other !== origin),
  };
}
