/**
 * Consecutive joins and parts in a few words: what became of each person, and who has it in common.
 *
 * @module
 */

import type { EventJson } from "../protocol.ts";

export interface MemberMoves {
  readonly names: string[];
  /** What follows the names: `joined`, `left and came back`. */
  readonly verb: string;
}

export function memberMoves(events: readonly EventJson[]): MemberMoves[] {
  const people = new Map<string, { readonly first: EventJson; last: EventJson }>();
  for (const event of events) {
    const known = people.get(event.from);
    if (known) known.last = event;
    else people.set(event.from, { first: event, last: event });
  }
  const all: MemberMoves[] = [];
  for (const [name, { first, last }] of people) {
    const verb = verbOf(first, last);
    const before = all.at(-1);
    if (before?.verb === verb) before.names.push(name);
    else all.push({ names: [name], verb });
  }
  return all;
}

function verbOf(first: EventJson, { kind, body }: EventJson): string {
  const hadJoined = first.kind === "join";
  if (kind === "join") return hadJoined ? "joined" : "left and came back";
  return `${hadJoined ? "joined and left" : "left"}${body === "" ? "" : ` (${body})`}`;
}
