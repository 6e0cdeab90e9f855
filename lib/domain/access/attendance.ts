/**
 * What people may do in a room because they are in it: the first to enter a room that nobody owns
 * keeps order there until they leave, and may give others a role. And who is let in once, whatever
 * the rules. All of that is forgotten when nobody is in the room any more.
 *
 * @module
 */

import type { Asker } from "../asker.ts";
import { nameKey } from "../name.ts";
import type { Role } from "./rules/room_rules.ts";

/** What somebody may do in a room while they are in it. One can have both. */
export type TemporaryRole = Exclude<Role, "owner">;

/** A role that is given or taken. */
export interface TemporaryGrant {
  /** Somebody who is in the room. */
  readonly member: Asker;
  readonly role: TemporaryRole;
  readonly isGiven: boolean;
}

/** Roles that were given or taken by an act at another node. */
export interface GrantsElsewhere {
  readonly room: string;
  /** The name of who did it. */
  readonly by: string;
  readonly grants: readonly TemporaryGrant[];
}

/** What each person holds in one room, by origin. */
export interface AttendeesRecord {
  readonly roles: readonly (readonly [origin: number, roles: readonly TemporaryRole[]])[];
  /** Those who are let in once and have not come yet. */
  readonly expected: readonly number[];
  /** Those who have come that way. */
  readonly admitted: readonly number[];
}

/** People of a room who are let in once and have not come yet; the oldest are forgotten beyond. */
const MOST_EXPECTED = 500;

/** The people of one room with a role, or with leave to come in once. Compared by identity. */
export class Attendees {
  /** When the first of them came, milliseconds since 1970; nobody here has power over what is older. */
  since = Infinity;
  readonly #roles = new Map<Asker, ReadonlySet<TemporaryRole>>();
  readonly #expected = new Set<Asker>();
  readonly #admitted = new Set<Asker>();

  /** Whether somebody has a role here. */
  has(asker: Asker, role: TemporaryRole): boolean {
    return this.#roles.get(asker)?.has(role) ?? false;
  }

  /** Those who have any role here. They are in the room. */
  get all(): Iterable<Asker> {
    return this.#roles.keys();
  }

  /** Those who have a role here, in the order in which they got their first. */
  *with(role: TemporaryRole): Iterable<Asker> {
    for (const [asker, roles] of this.#roles) {
      if (roles.has(role)) yield asker;
    }
  }

  /** What takes their power from all who keep order here. */
  resignations(): readonly TemporaryGrant[] {
    const keepers = this.with("moderator");
    return Array.from(keepers, (member) => ({ member, role: "moderator", isGiven: false }));
  }

  /** Whether somebody was let in, or is expected. */
  isWelcome(asker: Asker): boolean {
    return this.#admitted.has(asker) || this.#expected.has(asker);
  }

  /** Whether somebody is to be let in once. */
  isExpected(asker: Asker): boolean {
    return this.#expected.has(asker);
  }

  /** Lets somebody in once, whatever the rules. */
  expect(asker: Asker): void {
    this.#expected.delete(asker);
    this.#expected.add(asker);
    if (this.#expected.size <= MOST_EXPECTED) return;
    const [oldest] = this.#expected;
    this.#expected.delete(oldest);
  }

  /** Makes those whom `concerns` names subject to the rules again. */
  disown(concerns: (asker: Asker) => boolean): void {
    for (const people of [this.#expected, this.#admitted]) {
      for (const asker of people) {
        if (concerns(asker)) people.delete(asker);
      }
    }
  }

  grant({ member, role, isGiven }: TemporaryGrant): void {
    const roles = new Set(this.#roles.get(member));
    if (isGiven) roles.add(role);
    else roles.delete(role);
    if (roles.size > 0) this.#roles.set(member, roles);
    else this.#roles.delete(member);
  }

  /** A copy that can be changed. */
  copy(): Attendees {
    const copy = new Attendees();
    copy.since = this.since;
    for (const [asker, roles] of this.#roles) copy.#roles.set(asker, roles);
    for (const asker of this.#expected) copy.#expected.add(asker);
    for (const asker of this.#admitted) copy.#admitted.add(asker);
    return copy;
  }

  /** Copies from another room the attendees who are in `members`, and all who are expected. */
  add(others: Attendees, members: ReadonlySet<Asker>): void {
    this.since = Math.min(this.since, others.since);
    for (const [member, roles] of others.#roles) {
      if (!members.has(member)) continue;
      for (const role of roles) this.grant({ member, role, isGiven: true });
    }
    for (const asker of others.#admitted) if (members.has(asker)) this.#admitted.add(asker);
    for (const asker of others.#expected) this.expect(asker);
  }

  record(): AttendeesRecord {
    return {
      roles: Array.from(this.#roles, ([asker, roles]) => [originOf(asker), [...roles]] as const),
      expected: Array.from(this.#expected, originOf),
      admitted: Array.from(this.#admitted, originOf),
    };
  }

  /**
   * Takes over what another node has recorded.
   *
   * @param find Somebody who is here and, if they have to be, in the room.
   * @param onGrants Is told which roles that gives and takes, right before.
   */
  become(
    { roles, expected, admitted }: AttendeesRecord,
    find: (origin: number, mustBeIn: boolean) => Asker | undefined,
    onGrants: (grants: readonly TemporaryGrant[]) => void,
  ): void {
    const all = (origins: readonly number[], mustBeIn: boolean) =>
      origins.flatMap((origin) => find(origin, mustBeIn) ?? []);
    const next = new Map<Asker, ReadonlySet<TemporaryRole>>();
    for (const [origin, own] of roles) {
      const asker = find(origin, true);
      if (asker) next.set(asker, new Set(own));
    }
    onGrants([
      ...differences(this.#roles, next, false),
      ...differences(next, this.#roles, true),
    ]);
    replace(this.#expected, all(expected, false));
    replace(this.#admitted, all(admitted, true));
    this.#roles.clear();
    for (const [asker, own] of next) this.#roles.set(asker, own);
  }

  enter(asker: Asker): void {
    if (this.#expected.delete(asker)) this.#admitted.add(asker);
  }

  leave(asker: Asker): void {
    this.#roles.delete(asker);
    this.#admitted.delete(asker);
  }
}

/** Those who are in rooms have one. */
function originOf(asker: Asker): number {
  return (asker as Asker & { readonly origin: number }).origin;
}

function replace(set: Set<Asker>, askers: readonly Asker[]): void {
  set.clear();
  for (const asker of askers) set.add(asker);
}

type Roles = ReadonlyMap<Asker, ReadonlySet<TemporaryRole>>;

/** The roles that are in one of two and not in the other. */
function* differences(some: Roles, others: Roles, isGiven: boolean): Iterable<TemporaryGrant> {
  for (const [member, roles] of some) {
    for (const role of roles) {
      if (!others.get(member)?.has(role)) yield { member, role, isGiven };
    }
  }
}

/** The attendees of all rooms that have any. */
export class Attendance {
  readonly #rooms = new Map<string, Attendees>();

  /** Those of a room; `undefined` if it has none. */
  in(room: string): Attendees | undefined {
    return this.#rooms.size === 0 ? undefined : this.#rooms.get(nameKey(room));
  }

  /** As {@linkcode Attendance.in}, for a room that is open. */
  open(room: string): Attendees {
    const key = nameKey(room);
    let attendees = this.#rooms.get(key);
    if (!attendees) this.#rooms.set(key, attendees = new Attendees());
    return attendees;
  }

  /** The rooms that somebody is expected in. */
  *expecting(asker: Asker): Iterable<{ readonly name: string }> {
    for (const [name, attendees] of this.#rooms) {
      if (attendees.isExpected(asker)) yield { name };
    }
  }

  /** Forgets a room that nobody is in. */
  close(room: string): void {
    this.#rooms.delete(nameKey(room));
  }
}
