/**
 * Keeps who is in which room of the cluster, as the joins, parts and new names tell that all nodes
 * have applied, and what people have there as long as they stay. It decides what the end of a node's
 * run means for its people.
 *
 * @module
 */

import type { Strides } from "../clock.ts";
import {
  afterEntry,
  afterExit,
  attendantsOf,
  parseStay,
  type Stay,
} from "../domain/access/stay.ts";
import { nameKey } from "../domain/name.ts";
import {
  CLUSTER_PERSON_STATE,
  CLUSTER_STAY_STATE,
  formatVisitor,
  parseVisitor,
  type Visitor,
} from "../domain/visitor.ts";
import type { Cause, Draft } from "../domain/room_event.ts";
import type { StateSetting, StateStore } from "../domain/state_store.ts";
import type { NodeRun } from "./entry.ts";
import { readStays, StagedStays } from "./staged_stays.ts";

/** What an entry, or the end of a run, comes to. */
export interface Outcome {
  readonly drafts: readonly Draft[];
  readonly settings: readonly StateSetting[];
}

export class PersonLedger {
  /** By origin. */
  readonly #people: Map<number, Visitor>;
  /** How many people are in each room, by its key. */
  readonly #rooms = new Map<string, number>();
  /** The temporary state of rooms, by key of the room. */
  readonly #stays: Map<string, Stay>;

  private constructor(people: Map<number, Visitor>, stays: Map<string, Stay>) {
    this.#people = people;
    this.#stays = stays;
    for (const { rooms } of people.values()) {
      for (const { room } of rooms) {
        const key = nameKey(room);
        this.#rooms.set(key, (this.#rooms.get(key) ?? 0) + 1);
      }
    }
  }

  static async read(state: Pick<StateStore, "all">): Promise<PersonLedger> {
    const people = new Map<number, Visitor>();
    for (const [key, value] of await state.all(CLUSTER_PERSON_STATE)) {
      people.set(Number(key), parseVisitor(value));
    }
    return new PersonLedger(people, await readStays(state));
  }

  /** A page for entries that may turn out to be impossible to store. */
  open(): LedgerPage {
    return new LedgerPage(this.#people, this.#rooms, this.#stays);
  }
}

/** Changes of a ledger. */
export class LedgerPage {
  readonly #people: Map<number, Visitor>;
  readonly #rooms: Map<string, number>;
  readonly #changedPeople = new Map<number, Visitor | undefined>();
  readonly #changedRooms = new Map<string, number>();
  readonly #stays: StagedStays;

  constructor(people: Map<number, Visitor>, rooms: Map<string, number>, stays: Map<string, Stay>) {
    this.#people = people;
    this.#rooms = rooms;
    this.#stays = new StagedStays(stays);
  }

  /**
   * Whether a setting can be made: a temporary role cannot be given to somebody who has left or was
   * declared gone, and an empty room has no temporary state.
   */
  isPossible({ service, key, value }: StateSetting): boolean {
    if (service !== CLUSTER_STAY_STATE || value === null) return true;
    const stay = parseStay(value);
    const rooms = [key, nameKey(stay.from ?? key)];
    if (rooms.every((room) => this.#countOf(room) === 0)) return false;
    return attendantsOf(stay).every((origin) => {
      return this.#find(origin)?.rooms.some(({ room }) => rooms.includes(nameKey(room)));
    });
  }

  /**
   * Notes what happens in an entry of a node. Somebody who is in a room cannot join it, and somebody
   * who is not can neither leave it nor take another name there: a node that was declared gone may
   * say so again.
   *
   * @param settings The state that the drafts carried.
   * @returns What counts of the drafts, and what changes by that.
   */
  note(
    node: string,
    drafts: readonly Draft[],
    settings: readonly StateSetting[] = [],
  ): Outcome {
    this.#stays.note(settings);
    const touched = new Set<number>();
    const counted = drafts.filter((draft) => this.#noteOne(node, draft, touched));
    return {
      drafts: counted.length === drafts.length ? drafts : counted,
      settings: [
        ...Array.from(touched, (origin) => this.#settingOf(origin)),
        ...this.#stays.takeSettings(),
      ],
    };
  }

  /**
   * Removes all people of a run from their rooms.
   *
   * @param isLost Whether the others have lost the node; otherwise it begins another run.
   * @param strides Give others a turn: there may be thousands of people.
   */
  async end({ node }: NodeRun, isLost: boolean, strides?: Strides): Promise<Outcome> {
    const why = isLost ? `the server ${node} is gone` : `the server ${node} has started again`;
    const drafts: Draft[] = [];
    const settings: StateSetting[] = [];
    const people = new Map([...this.#people, ...this.#changedPeople]);
    for (const origin of [...people.keys()].sort((a, b) => a - b)) {
      const turn = strides?.step();
      if (turn) await turn;
      const person = people.get(origin);
      if (person?.node !== node) continue;
      const { name: from, via, rooms } = person;
      const cause = { kind: "quit", rooms: rooms.length } as const;
      for (const { room, isUnlogged } of rooms) {
        drafts.push({ room, kind: "part", from, body: why, via, origin, isUnlogged, cause });
        this.#exit(room, origin);
      }
      this.#changedPeople.set(origin, undefined);
      settings.push(this.#settingOf(origin));
    }
    return { drafts, settings: [...settings, ...this.#stays.takeSettings()] };
  }

  /** Takes over what has been stored. */
  close(): void {
    for (const [origin, person] of this.#changedPeople) {
      if (person) this.#people.set(origin, person);
      else this.#people.delete(origin);
    }
    for (const [key, count] of this.#changedRooms) {
      if (count > 0) this.#rooms.set(key, count);
      else this.#rooms.delete(key);
    }
    this.#stays.close();
  }

  #noteOne(node: string, draft: Draft, touched: Set<number>): boolean {
    const { kind, origin, room, from, body, via, isUnlogged, cause } = draft;
    if (cause?.kind === "move") this.#move(room, cause.to, touched);
    if (origin === undefined || (kind !== "join" && kind !== "part" && kind !== "nick")) {
      return true;
    }
    const before = this.#find(origin) ?? { node, name: from, via, rooms: [] };
    const key = nameKey(room);
    const others = before.rooms.filter(({ room }) => nameKey(room) !== key);
    const isHere = others.length < before.rooms.length;
    if (kind === "nick") {
      if (!isHere) return false;
      this.#changedPeople.set(origin, { ...before, name: body });
    } else if (isHere === (kind === "join")) {
      return false;
    } else if (kind === "join") {
      const isFirst = this.#count(room, 1) === 1 || undefined;
      this.#stays.change(room, (stay) => afterEntry(stay, origin));
      const rooms = [...others, { room, isFirst, isUnlogged }];
      this.#changedPeople.set(origin, { ...before, name: from, rooms });
    } else {
      this.#exit(room, origin);
      const isLast = others.length === 0;
      this.#changedPeople.set(origin, isLast ? undefined : { ...before, rooms: others });
    }
    touched.add(origin);
    return true;
  }

  /** Moves everybody in a room to another one. */
  #move(from: string, to: string, touched: Set<number>): void {
    const [left, entered] = [nameKey(from), nameKey(to)];
    for (const origin of new Set([...this.#people.keys(), ...this.#changedPeople.keys()])) {
      const person = this.#find(origin);
      const visit = person?.rooms.find(({ room }) => nameKey(room) === left);
      if (!person || !visit) continue;
      const rooms = person.rooms.filter((other) => other !== visit);
      const isThere = rooms.some(({ room }) => nameKey(room) === entered);
      this.#changedPeople.set(origin, {
        ...person,
        rooms: isThere ? rooms : [...rooms, { ...visit, room: to }],
      });
      this.#exit(from, origin);
      if (!isThere) this.#count(to, 1);
      touched.add(origin);
    }
  }

  #find(origin: number): Visitor | undefined {
    const { size } = this.#changedPeople;
    const isChanged = size > 0 && this.#changedPeople.has(origin);
    return isChanged ? this.#changedPeople.get(origin) : this.#people.get(origin);
  }

  /** Counts people of a room; returns how many are in it now. */
  #count(room: string, change: number): number {
    const key = nameKey(room);
    const count = this.#countOf(key) + change;
    this.#changedRooms.set(key, count);
    return count;
  }

  #countOf(key: string): number {
    return this.#changedRooms.get(key) ?? this.#rooms.get(key) ?? 0;
  }

  /** Notes that somebody has left a room. When the last one leaves, its temporary state ends. */
  #exit(room: string, origin: number): void {
    const isEmpty = this.#count(room, -1) === 0;
    this.#stays.change(room, (stay) => isEmpty ? undefined : afterExit(stay, origin));
  }

  #settingOf(origin: number): StateSetting {
    const person = this.#find(origin);
    const value = person ? formatVisitor(person) : null;
    return { service: CLUSTER_PERSON_STATE, key: String(origin), value };
  }
}

/**
 * Gives drafts of one act one cause again, which JSON has made several of: clients are told once of
 * somebody who quits, or has another name, in several rooms.
 */
export function withSharedCauses(drafts: readonly Draft[]): readonly Draft[] {
  if (!drafts.some(({ cause }) => cause?.kind === "quit" || cause?.kind === "nick")) return drafts;
  const acts = new Map<number | undefined, { readonly cause: Cause; left: number }>();
  return drafts.map((draft) => {
    const { cause, origin } = draft;
    if (cause?.kind !== "quit" && cause?.kind !== "nick") return draft;
    let act = acts.get(origin);
    if (!act || act.left === 0 || act.cause.kind !== cause.kind) {
      acts.set(origin, act = { cause, left: cause.rooms });
    }
    act.left--;
    return { ...draft, cause: act.cause };
  });
}
