/**
 * Whom a ban or mute concerns. Asked for each message, so names and addresses are parsed once for
 * each list, and the answer for an address is kept as long as the list is in force.
 *
 * @module
 */

import { nameKey } from "../name.ts";
import { AddressRange, AddressRangeError } from "./address_range.ts";
import type { Asker } from "./asker.ts";
import type { Restriction } from "./room_rules.ts";

/** Addresses whose answers are kept for one list; then they are worked out again. */
const MOST_ADDRESSES = 20_000;

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

/** Whether somebody is among names and addresses. @param targets Never changed, only replaced. */
export function isAmong(asker: Asker, targets: readonly string[]): boolean {
  if (targets.length === 0) return false;
  let index = INDEXES.get(targets);
  if (!index) {
    index = new TargetIndex<unknown>(targets.map((target) => [target, target]));
    INDEXES.set(targets, index);
  }
  return index.find(asker).length > 0;
}

/** Whether a restriction has not ended. @param now Milliseconds since 1970. */
export function isInForce({ until }: Pick<Restriction, "until">, now: number): boolean {
  return until === undefined || now < until;
}

/**
 * The form in which targets are compared: the key of a name, or the usual form of an address or a
 * range.
 */
export function targetKey(target: string): string {
  return addressRange(target)?.text ?? nameKey(target);
}

/** The address or range that a target is; `undefined` for names. */
export function addressRange(target: string): AddressRange | undefined {
  // Most targets are names, and exceptions are slow.
  if (!/[.:/]/.test(target)) return undefined;
  try {
    return AddressRange.parse(target);
  } catch (error) {
    if (error instanceof AddressRangeError) return undefined;
    throw error;
  }
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

/** Finds what belongs to somebody's names and address. */
class TargetIndex<Value> {
  /** By {@linkcode targetKey}. */
  readonly #single = new Map<string, Value[]>();
  readonly #ranges: [AddressRange, Value][] = [];
  readonly #byAddress = new Map<string, readonly Value[]>();

  constructor(targets: readonly (readonly [string, Value])[]) {
    for (const [target, value] of targets) {
      const range = addressRange(target);
      if (range?.text.includes("/")) {
        this.#ranges.push([range, value]);
        continue;
      }
      const key = range?.text ?? nameKey(target);
      const values = this.#single.get(key);
      if (values) values.push(value);
      else this.#single.set(key, [value]);
    }
  }

  find({ nickname, account, address }: Asker): readonly Value[] {
    const byAccount = account === undefined ? NONE : this.#single.get(account) ?? NONE;
    const byName = nickname === "" ? NONE : this.#single.get(nameKey(nickname)) ?? NONE;
    const byAddress = address === undefined ? NONE : this.#findAddress(address);
    if (byAccount.length + byName.length + byAddress.length === 0) return NONE;
    return [...byAccount, ...byName, ...byAddress] as Value[];
  }

  #findAddress(address: string): readonly Value[] {
    let found = this.#byAddress.get(address);
    if (found) return found;
    // The zone of a link-local address, %eth0, is the way to the peer and not who it is.
    const single = addressRange(address.replace(/%.*$/, ""));
    const ofRanges = this.#ranges.filter(([range]) =>
      single !== undefined && range.contains(single)
    );
    const exact = this.#single.get(single?.text ?? address) ?? [];
    found = [...exact, ...ofRanges.map(([, value]) => value)];
    if (this.#byAddress.size >= MOST_ADDRESSES) this.#byAddress.clear();
    this.#byAddress.set(address, found);
    return found;
  }
}

const NONE: readonly never[] = [];
