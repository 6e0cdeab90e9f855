/**
 * Whom a ban or mute concerns. Asked for each message, so targets are parsed once for each list, and
 * the answers for an address and for what masks see are kept as long as the list is in force.
 *
 * @module
 */

import type { Asker } from "../../asker.ts";
import { nameKey } from "../../name.ts";
import { addressRange } from "./address_range.ts";
import { isMask } from "./mask.ts";
import type { Restriction } from "./room_rules.ts";
import { TargetIndex } from "./target_index.ts";

type Target = Pick<Restriction, "target" | "also" | "until">;

/**
 * The restriction in force that concerns somebody; of several, the one that ends last.
 *
 * @param restrictions A list that is never changed, only replaced.
 * @param now Milliseconds since 1970.
 */
export function isRestricted<Kind extends Target>(
  asker: Asker,
  restrictions: readonly Kind[],
  now: number,
): Kind | undefined {
  if (restrictions.length === 0) return undefined;
  let index = INDEXES.get(restrictions) as TargetIndex<Kind> | undefined;
  if (!index) {
    index = new TargetIndex(restrictions.flatMap(targetsOf));
    INDEXES.set(restrictions, index);
  }
  let longest: Kind | undefined;
  for (const restriction of index.find(asker)) {
    if (!isInForce(restriction, now)) continue;
    if (!longest || endOf(restriction) > endOf(longest)) longest = restriction;
  }
  return longest;
}

/** Whether somebody is among names, addresses and masks. @param targets Never changed, only replaced. */
export function isAmong(asker: Asker, targets: readonly string[]): boolean {
  if (targets.length === 0) return false;
  let index = INDEXES.get(targets);
  if (!index) {
    index = new TargetIndex<unknown>(targets.map((target) => [target, target]));
    INDEXES.set(targets, index);
  }
  return index.find(asker).length > 0;
}

/** Stands for an address that was found out for a moderator, who named only a person. */
const THEIR_ADDRESS = "their address";

/**
 * Who else a restriction concerns, as somebody may be told. Anybody can keep order in a room of their
 * own and name others there, so addresses are for operators of the server.
 */
export function alsoShownTo(
  { isOperator }: Pick<Asker, "isOperator">,
  { also }: Pick<Restriction, "also">,
): readonly string[] | undefined {
  if (isOperator) return also;
  return also?.map((name) => addressRange(name) ? THEIR_ADDRESS : name);
}

/** Begins an exception that concerns mutes instead of bans. */
export const MUTE_MASK = "$m:";

/** An exception without its beginning. */
export function exceptedTarget(exception: string): string {
  return isOfMutes(exception) ? exception.slice(MUTE_MASK.length) : exception;
}

/** Whether an exception concerns mutes instead of bans. */
export function isOfMutes(exception: string): boolean {
  return exception.startsWith(MUTE_MASK);
}

/** Whether bans, or mutes, do not concern somebody. @param exceptions As in {@linkcode isAmong}. */
export function isExcepted(
  asker: Asker,
  exceptions: readonly string[],
  from: "ban" | "mute",
): boolean {
  if (exceptions.length === 0) return false;
  let index = INDEXES.get(exceptions) as TargetIndex<string> | undefined;
  if (!index) {
    index = new TargetIndex(exceptions.map((each) => [exceptedTarget(each), each]));
    INDEXES.set(exceptions, index);
  }
  return index.find(asker).some((exception) => isOfMutes(exception) === (from === "mute"));
}

/** Whether a restriction has not ended. @param now Milliseconds since 1970. */
export function isInForce({ until }: Pick<Restriction, "until">, now: number): boolean {
  return until === undefined || now < until;
}

/**
 * The form in which targets are compared: the key of a name or a mask, or the usual form of an
 * address or a range.
 */
export function targetKey(target: string): string {
  return addressRange(target)?.text ?? nameKey(target);
}

/** Whether a target may fit many people: an address, a range or a mask. */
export function isPattern(target: string): boolean {
  return isMask(target) || addressRange(target) !== undefined;
}

/** By list, as long as something else holds the list. */
const INDEXES = new WeakMap<readonly unknown[], TargetIndex<unknown>>();

function targetsOf<Kind extends Target>(restriction: Kind): [string, Kind][] {
  const { target, also = [] } = restriction;
  return [target, ...also].map((name) => [name, restriction]);
}

function endOf({ until = Infinity }: Pick<Restriction, "until">): number {
  return until;
}
