/**
 * Rooms without an owner: who may register one, and who moderates it until then.
 *
 * @module
 */

import type { Asker } from "../asker.ts";
import { DomainError } from "../domain_error.ts";
import { nameKey } from "../name.ts";
import { COMMON_ROOMS } from "../server_rooms.ts";
import { askOneOf, keepersOf, notPermitted, whomToAsk } from "./refusal.ts";
import type { Circumstances } from "./room_act.ts";
import { isOwned, type RoomRules } from "./rules/room_rules.ts";
import { isExpected, rankOf } from "./standing.ts";

/**
 * A room without an owner can be taken by somebody who is alone in it: then nobody loses anything.
 */
export function unregistrable(
  asker: Asker,
  rules: RoomRules,
  circumstances: Circumstances,
): DomainError | undefined {
  const { isMember = false, members = 0 } = circumstances;
  const { name } = rules;
  if (asker.account === undefined) {
    return new DomainError(
      "login-needed",
      `To make #${name} yours, get an account with /register, then type /room register.`,
    );
  }
  const isSecret = rules.isPrivate &&
    !isExpected({ asker, rules, rank: rankOf(asker, rules), circumstances });
  if (isOwned(rules) && !isSecret) {
    return notPermitted(`#${name} has an owner. ${whomToAsk(rules, "owner")}`);
  }
  if (asker.isOperator) return undefined;
  if (COMMON_ROOMS.has(nameKey(name))) {
    return notPermitted(
      `#${name} is for everybody, so only operators of the server can register it. /join a room ` +
        "of your own and register that.",
    );
  }
  if (isMember && members === 1) return undefined;
  return notPermitted(
    `Only somebody who is alone in #${name} can register it, or an operator of the server. Ask ` +
      "one, or /join a new room.",
  );
}

/** Why somebody may not keep order in a room that nobody owns; `undefined` if they may. */
export function needsOwner(
  asker: Asker,
  name: string,
  rules?: RoomRules,
  circumstances: Circumstances = {},
): DomainError | undefined {
  if (asker.isOperator || circumstances.attendees?.has(asker, "moderator")) return undefined;
  const keepers = keepersOf(rules, circumstances);
  if (keepers.length > 0) {
    return notPermitted(`Only moderators of #${name} can do that. ${askOneOf(keepers)}`);
  }
  return notPermitted(
    `#${name} has no owner, so only operators of the server can do that. /room register makes ` +
      "the room yours.",
  );
}
