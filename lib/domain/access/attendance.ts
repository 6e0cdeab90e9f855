/**
 * What people may do in a room because they are in it: the first to enter a room that nobody owns
 * keeps order there until they leave, and may give others a role. And who is let in once, whatever
 * the rules. All of that is forgotten when nobody is in the room any more.
 *
 * @module
 */

import { nameKey } from "../name.ts";
import type { Asker } from "./asker.ts";
import type { Role } from "./room_rules.ts";

/** What somebody may do in a room while they are in it. One can have both. */
export type PassingRole = Exclude<Role, "owner">;

/** A role that is given or taken. */
export interface PassingGrant {
  /** Somebody who is in the room. */
  readonly member: Asker;
  readonly role: PassingRole;
  readonly isGiven: boolean;
}

/** People of a room who are let in once and have not come yet; the oldest are forgotten beyond. */
const MOST_EXPECTED = 500;

/** The people of one room who have something that others have not. Compared by identity. */
export class Attendees {
  /** When the first of them came, milliseconds since 1970; nobody here has power over what is older. */
  since = Infinity;
  readonly #roles = new Map<Asker, ReadonlySet<PassingRole>>();
  readonly #expected = new Set<Asker>();
  readonly #admitted = new Set<Asker>();

  /** Whether somebody has a role here. */
  has(asker: Asker, role: PassingRole): boolean {
    return this.#roles.get(asker)?.has(role) ?? false;
  }

  /** Those who have a role here, in the order in which they got their first. */
  *with(role: PassingRole): Iterable<Asker> {
    for (const [asker, roles] of this.#roles) {
      if (roles.has(role)) yield asker;
    }
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

  grant({ member, role, isGiven }: PassingGrant): void {
    const roles = new Set(this.#roles.get(member));
    if (isGiven) roles.add(role);
    else roles.delete(role);
    if (roles.size > 0) this.#roles.set(member, roles);
    else this.#roles.delete(member);
  }

  enter(asker: Asker): void {
    if (this.#expected.delete(asker)) this.#admitted.add(asker);
  }

  leave(asker: Asker): void {
    this.#roles.delete(asker);
    this.#admitted.delete(asker);
  }
}

/** The attendees of all rooms that have any. */
export class Attendance {
  readonly #rooms = new Map<string, Attendees>();

  /** Those of a room; `undefined` if nobody has anything special there. */
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
