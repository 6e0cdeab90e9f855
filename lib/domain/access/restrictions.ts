/**
 * Whom a ban or mute concerns.
 *
 * @module
 */

import { nameKey } from "../name.ts";
import type { Asker } from "./asker.ts";
import type { Restriction } from "./room_rules.ts";

/** The first restriction in force that concerns somebody. @param now Milliseconds since 1970. */
export function isRestricted<Kind extends Pick<Restriction, "target" | "until">>(
  asker: Asker,
  restrictions: readonly Kind[],
  now: number,
): Kind | undefined {
  return restrictions.find(({ target, until }) =>
    (until === undefined || now < until) && concerns(target, asker)
  );
}

function concerns(target: string, { nickname, account, address }: Asker): boolean {
  const key = nameKey(target);
  if (key === account || (nickname !== "" && key === nameKey(nickname))) return true;
  return address !== undefined && key === address;
}
