/**
 * Who is in a room, as far as the server tells.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import type { MemberJson, MembersChange } from "../protocol.ts";

export class MemberList {
  /** How many there are; in large rooms more than are known by name. */
  count = 0;
  #members = new Map<string, MemberJson>();
  #sorted: readonly MemberJson[] | undefined;

  /** By name. The same array as long as nothing changes. */
  get sorted(): readonly MemberJson[] {
    return this.#sorted ??= [...this.#members.values()].sort(byName);
  }

  reset(count: number, members: readonly MemberJson[]): void {
    this.count = count;
    this.#members = new Map(members.map((member) => [nameKey(member.name), member]));
    this.#sorted = undefined;
  }

  apply({ count, joined, left }: MembersChange): void {
    this.count = count;
    for (const name of left) this.#members.delete(nameKey(name));
    for (const member of joined) this.#members.set(nameKey(member.name), member);
    this.#sorted = undefined;
  }
}

// Not localeCompare for each pair: five hundred names are compared some ten times each.
let collator: Intl.Collator | undefined;

function byName(one: MemberJson, other: MemberJson): number {
  collator ??= new Intl.Collator(undefined, { numeric: true });
  return collator.compare(one.name, other.name);
}
