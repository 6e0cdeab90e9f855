/**
 * Shares with the other nodes of a cluster what holds in a room as long as somebody is there: the
 * roles and the rules that pass, and who is let in once. Who was the first to come need not be
 * shared: that follows from the order of the events.
 *
 * @module
 */

import { nameKey } from "../name.ts";
import { type ConditionalSetting, loadAndFollow, type StateStore } from "../state_store.ts";
import { CLUSTER_STAY_STATE } from "../visitor.ts";
import type { AccessControl } from "./access_control.ts";
import type { Asker } from "./asker.ts";
import type { Attendees, AttendeesRecord } from "./attendance.ts";
import { formatRules, parseRules, type RoomRules } from "./room_rules.ts";

/** Somebody who is here, at whichever node. */
export interface Attendant {
  readonly member: Asker;
  /** Present if they are in the room. */
  findRoom(room: string): unknown;
}

export interface SharedAttendanceOptions {
  readonly access: AccessControl;
  readonly state: StateStore;
  find(origin: number): Attendant | undefined;
}

/** What is stored for a room. */
interface Stay extends AttendeesRecord {
  /** The name of who changed it last. */
  readonly by: string;
  /** The room that its people are still known to be in. */
  readonly from?: string;
  /** The rules that pass, as they are stored elsewhere. */
  readonly rules?: string;
}

export class SharedAttendance {
  readonly #options: SharedAttendanceOptions;
  /** What is stored, by key of the room. */
  readonly #texts = new Map<string, string>();

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
   * @param from The room that its people come from, if they all do.
   */
  settings(
    room: string,
    by: string,
    attendees: Attendees,
    passing: RoomRules | undefined,
    from?: string,
  ): ConditionalSetting[] {
    const key = nameKey(room);
    const was = this.#texts.get(key) ?? null;
    const record = attendees.record();
    if (was === null && !passing && Object.values(record).every(({ length }) => length === 0)) {
      return [];
    }
    const stay: Stay = { by, from, ...record, rules: passing && formatRules(passing) };
    return [{ service: CLUSTER_STAY_STATE, key, value: JSON.stringify(stay), was }];
  }

  /** Notes that settings have been stored. */
  noteStored(settings: readonly ConditionalSetting[]): void {
    for (const { key, value } of settings) this.#texts.set(key, value!);
  }

  #take(room: string, text: string | null): void {
    if (text === null) return void this.#texts.delete(room);
    this.#texts.set(room, text);
    const { access, find } = this.#options;
    const { by, from = room, rules, ...record }: Stay = JSON.parse(text);
    access.attendance.open(room).become(
      record,
      (origin, mustBeIn) => {
        const person = find(origin);
        const isIn = person?.findRoom(room) || person?.findRoom(from);
        return isIn || !mustBeIn ? person?.member : undefined;
      },
      (grants) => access.tellGrants({ room, by, grants }),
    );
    access.pass(room, rules === undefined ? undefined : { ...parseRules(rules), isPassing: true });
  }
}
