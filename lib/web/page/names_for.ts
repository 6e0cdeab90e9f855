/**
 * Whom one is likely to address.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import type { Places } from "./places.ts";

/** Events looked through for who spoke last. */
const LOOKED_THROUGH = 200;

/** All but `own`: who spoke last in the current place first, then all others who are there. */
export function namesFor({ current, room, conversations }: Places, own: string): readonly string[] {
  const names = new Map<string, string>();
  const add = (name: string) => {
    if (!names.has(nameKey(name))) names.set(nameKey(name), name);
  };
  if (current.type === "person") add(current.person.name);
  for (const { kind, from } of room?.timeline.events.slice(-LOOKED_THROUGH).reverse() ?? []) {
    if (kind === "message" || kind === "action") add(from);
  }
  for (const { name } of room?.members.sorted ?? []) add(name);
  for (const { name } of conversations) add(name);
  names.delete(nameKey(own));
  return [...names.values()];
}
