/**
 * Shares with the other nodes of a cluster what holds in a room as long as somebody is there: the
 * roles and the rules that pass, and who is let in once. Who was the first to come need not be
 * shared: that follows from the order of the events.
 *
 * @module
 */

import type { Asker } from "../asker.ts";
import { nameKey } from "../name.ts";
import { type ConditionalSetting, loadAndFollow, type StateStore } from "../state_store.ts";
import { CLUSTER_STAY_STATE } from "../visitor.ts";
import type { AccessControl } from "./access_control.ts";
import type { Attendees } from "./attendance.ts";
import { formatRules, parseRules, type RoomRules } from "./rules/room_rules.ts";
import { formatStay, parseStay, type Stay } from "./stay.ts";

/** Somebody who is here, at whichever node. */
export interface Attendant {
  readonly member: Asker;
  /** Present if they are in the room. */
  findRoom(room: string): unknown;
}

export interface SharedAttendanceOptions {
  readonly access: AccessControl;
  readonly state: StateStore;
  /** Somebody by their origin; `undefined` if they are at no node. */
  find(origin: number): Attendant | undefined;
}

export class SharedAttendance {
  readonly #options: SharedAttendanceOptions;
  /** What is stored, by key of the room. */
  readonly #texts = new Map<string, string>();
  /** Keys of rooms for which this node wants something stored, and has heard of nothing else since. */
  readonly #wanted = new Set<string>();

  private constructor(options: SharedAttendanceOptions) {
    this.#options = options;
  }

  /** Takes over what is stored. @throws {Error} if it cannot be read. */
  static async open(options: SharedAttendanceOptions): Promise<SharedAttendance> {
    const shared = new SharedAttendance(options);
    await loadAndFollow(options.state, CLUSTER_STAY_STATE, (key, text) => shared.#take(key, text));
    return shared;
  }

  /**
   * The setting that stores what an act leads to; none if that is nothing.
   *
   * @param by The name of who does it.
   * @param from The old room, if this is a rename.
   */
  settings(
    room: string,
    by: string,
    attendees: Attendees,
    temporary: RoomRules | undefined,
    from?: string,
  ): ConditionalSetting[] {
    const key = nameKey(room);
    const before = nameKey(from ?? room);
    const was = this.#texts.get(key) ?? null;
    const isStored = was !== null || this.#texts.has(before);
    const hasRoles = [attendees, this.#options.access.attendance.in(before)].some(hasAny);
    if (!isStored && !temporary && !hasRoles) return [];
    this.#wanted.add(key);
    const rules = temporary && formatRules(temporary);
    const value = formatStay({ by, from, ...attendees.record(), rules });
    return [{ service: CLUSTER_STAY_STATE, key, value, was }];
  }

  /** Notes that settings have been stored. Somebody who left at that moment may be out again. */
  noteStored(settings: readonly ConditionalSetting[]): void {
    for (const { key, value } of settings) {
      if (this.#wanted.delete(key)) this.#texts.set(key, value!);
    }
  }

  #take(room: string, text: string | null): void {
    this.#wanted.delete(room);
    if (text === null) return void this.#texts.delete(room);
    this.#texts.set(room, text);
    const { access, find } = this.#options;
    const { by, from = room, rules, ...record }: Stay = parseStay(text);
    const { since } = access.attendance.in(from) ?? {};
    const attendees = access.attendance.open(room);
    if (since !== undefined) attendees.since = since;
    // A node that starts later does not know.
    else if (attendees.since === Infinity) attendees.since = access.clock.now();
    attendees.become(
      record,
      (origin, mustBeIn) => {
        const person = find(origin);
        const isIn = person?.findRoom(room) || person?.findRoom(from);
        return isIn || !mustBeIn ? person?.member : undefined;
      },
      (grants) => access.tellGrants({ room, by, grants }),
    );
    access.ruleBook.setTemporary(
      room,
      rules === undefined ? undefined : { ...parseRules(rules), isTemporary: true },
    );
  }
}

function hasAny(attendees: Attendees | undefined): boolean {
  return Object.values(attendees?.record() ?? {}).some(({ length }) => length > 0);
}
