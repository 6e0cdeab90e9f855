/**
 * The members of a room.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import type { MemberJson, MembersChange } from "../protocol.ts";

export class MemberList {
  /** Number of members; in large rooms the server does not name all of them. */
  count = 0;
  #members = new Map<string, MemberJson>();
  #sorted: readonly MemberJson[] | undefined;

  /** Sorted by name. The same array until a member changes. */
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

// A collator is much faster than localeCompare(), which sorting 500 names would call 5,000 times.
let collator: Intl.Collator | undefined;

function byName(one: MemberJson, other: MemberJson): number {
  collator ??= new Intl.Collator(undefined, { numeric: true });
  return collator.compare(one.name, other.name);
}
