/**
 * The one place that answers "may this person read that, or do this thing": a table of acts, and
 * what each needs. Pure; `access_control.ts` knows the rules in force.
 *
 * @module
 */

import type { Asker } from "../asker.ts";
import { isDirectRoom, isPartyTo } from "../direct_room.ts";
import type { DomainError } from "../domain_error.ts";
import { nameKey } from "../name.ts";
import { MODERATION_ROOM } from "../server_rooms.ts";
import { needsOwner, unregistrable } from "./ownerless_rooms.ts";
import { missing, notPermitted, whomToAsk } from "./refusal.ts";
import { type Act, type Circumstances, takesPower } from "./room_act.ts";
import {
  banned,
  crowded,
  locked,
  muted,
  silenced,
  unhurried,
  uninvited,
  unkept,
  unvoiced,
  withoutKey,
} from "./room_obstacles.ts";
import { isOwned, openRules, type RoomRules } from "./rules/room_rules.ts";
import { isExpected, rankOf, RANKS, type Situation } from "./standing.ts";

/**
 * Why somebody may not do something in a room; `undefined` if they may.
 *
 * What must not be known to exist is refused as if it did not: `no-such-room`.
 *
 * @param name The room's name.
 * @param rules `undefined` if nothing has been settled about the room.
 * @param now Milliseconds since 1970.
 */
export function refusalOf(
  asker: Asker,
  name: string,
  rules: RoomRules | undefined,
  act: Act,
  circumstances: Circumstances,
  now: number,
): DomainError | undefined {
  const key = nameKey(name);
  if (asker.onlyRooms && !asker.onlyRooms.has(key)) return missing(name);
  if (isDirectRoom(name)) return refusalInDirect(asker, name, act);
  if (key === MODERATION_ROOM) return refusalInModeration(asker, act);
  if (act === "register") return unregistrable(asker, rules ?? openRules(name), circumstances);
  if (takesPower(act) && !(rules && isOwned(rules))) {
    return needsOwner(asker, name, rules, circumstances);
  }
  if (!rules) return undefined;
  const rank = rankOf(asker, rules, circumstances.attendees);
  const situation: Situation = { asker, rules, rank, circumstances, now };
  // The operator of the server has opened the endpoint for this room.
  const isSettled = asker.capacity === "log" && act === "log";
  if (asker.capacity === "alert" && rules.tellsAlerts) return undefined;
  if (!isSettled && rules.isPrivate && !isExpected(situation)) {
    if (act === "join") return uninvited(rules);
    // As for a room that nobody has heard of.
    return takesPower(act) ? needsOwner(asker, name) : missing(name);
  }
  switch (act) {
    case "see":
      return rules.isHidden && !circumstances.isMember && !isExpected(situation)
        ? missing(name)
        : undefined;
    case "read":
      return banned(situation) ?? withoutKey(situation, act);
    case "join":
      return banned(situation) ?? withoutKey(situation, act) ?? crowded(situation);
    case "log":
      return banned(situation) ?? muted(situation) ??
        (isSettled ? undefined : withoutKey(situation, act) ?? unvoiced(situation));
    case "speak":
      return silenced(situation, act);
    case "topic":
      return silenced(situation, act) ?? locked(situation, "set the topic of");
    case "react":
      return unkept(rules) ?? silenced(unhurried(situation), act);
    case "pin":
      return unkept(rules) ?? silenced(unhurried(situation), act) ??
        locked(situation, "pin messages in");
    case "invite":
    case "moderate":
      return rank >= RANKS.moderator ? undefined : notPermitted(
        `Only moderators of #${rules.name} may do that. ${whomToAsk(rules, "moderator")}`,
      );
    case "own":
      return rank >= RANKS.owner ? undefined : notPermitted(
        `Only the owner of #${rules.name} may do that. ${whomToAsk(rules, "owner")}`,
      );
  }
}

function refusalInDirect(asker: Asker, name: string, act: Act): DomainError | undefined {
  const isOwn = act === "see" || act === "read" || act === "speak" || act === "react";
  return isOwn && isPartyTo(asker, name) ? undefined : missing(name);
}

function refusalInModeration(asker: Asker, act: Act): DomainError | undefined {
  if (asker.isOperator) {
    return takesPower(act) || act === "register"
      ? notPermitted(`#${MODERATION_ROOM} belongs to the server: its rules cannot be changed.`)
      : undefined;
  }
  return act === "join"
    ? notPermitted(`#${MODERATION_ROOM} is for operators of the server. Log in as one with /login.`)
    : missing(MODERATION_ROOM);
}
