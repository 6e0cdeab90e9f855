/**
 * The rules in force, in memory, and what follows from them for an asker.
 *
 * @module
 */

import { type Clock, systemClock } from "../../clock.ts";
import { log } from "../../log.ts";
import { DomainError } from "../domain_error.ts";
import { nameKey } from "../name.ts";
import { type ConditionalSetting, loadAndFollow, type StateStore } from "../state_store.ts";
import type { Asker } from "./asker.ts";
import { Attendance, type Attendees, type GrantsElsewhere } from "./attendance.ts";
import { FormerNames, withFormerName } from "./former_names.ts";
import { isSelfKept, type RulesUpdate, updateOf } from "./passing_rules.ts";
import { refusalOf } from "./permissions.ts";
import { type Act, type Circumstances, takesPower } from "./room_act.ts";
import { areOpen, formatRules, isOwned, parseRules, type RoomRules } from "./room_rules.ts";
import type { RuleChange } from "./rule_change.ts";
import { COMMON_ROOMS, MODERATION_ROOM } from "./server_rooms.ts";

/** Where the rules are in the state store. */
const SERVICE = "access";
const ROOM = "room ";

/** What the server's configuration says about access. */
export interface AccessSettings {
  /** Whether only people with an account may read or do anything. @default {false} */
  readonly isClosed?: boolean;
  /**
   * Rooms besides the lobby and the log in which nobody keeps order by coming first, because the
   * server's configuration writes into them. @default {none}
   */
  readonly commonRooms?: Iterable<string>;
}

export interface AccessControlOptions extends AccessSettings {
  /** @default {systemClock} */
  readonly clock?: Clock;
}

/** Shares the temporary state of rooms; see `shared_attendance.ts`. */
export interface StaySharing {
  settings(
    room: string,
    by: string,
    attendees: Attendees,
    passing: RoomRules | undefined,
    from?: string,
  ): ConditionalSetting[];
  noteStored(settings: readonly ConditionalSetting[]): void;
}

const NO_CIRCUMSTANCES: Circumstances = {};

/** Answers who may do what. Everything that reads or changes a room asks here first. */
export class AccessControl {
  /** What times in rules are compared with. */
  readonly clock: Clock;
  /** What people may do in rooms because they are there. */
  readonly attendance = new Attendance();
  /** Shares that with the other nodes of a cluster. */
  shared: StaySharing | undefined;
  #isClosed!: boolean;
  /** As they are stored, by key of the room. */
  readonly #rules = new Map<string, RoomRules>();
  /** The same, to the letter. */
  readonly #texts = new Map<string, string>();
  readonly #formerNames = new FormerNames();
  /** The temporary rules in force instead, until the room is empty. */
  readonly #passing = new Map<string, RoomRules>();
  readonly #listeners = new Set<(room: string) => void>();
  readonly #grantListeners = new Set<(grants: GrantsElsewhere) => void>();

  #commonRooms!: ReadonlySet<string>;

  constructor({ clock = systemClock, ...settings }: AccessControlOptions = {}) {
    this.clock = clock;
    this.configure(settings);
  }

  /** Takes other settings. Guests who are in stay, but on a closed server they can only log in. */
  configure({ isClosed = false, commonRooms = [] }: AccessSettings): void {
    this.#isClosed = isClosed;
    this.#commonRooms = new Set(Array.from(commonRooms, nameKey));
  }

  /** Whether the server itself, or its configuration, uses a room of that name. */
  isCommon(room: string): boolean {
    const key = nameKey(room);
    return COMMON_ROOMS.has(key) || this.#commonRooms.has(key);
  }

  /** Reads the rules that are stored. @throws {Error} if they cannot be read. */
  static async open(state: StateStore, options?: AccessControlOptions): Promise<AccessControl> {
    const access = new AccessControl(options);
    await loadAndFollow(state, SERVICE, (key, value) => access.#take(key, value));
    return access;
  }

  /** Whether only people with an account may enter. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The rules of a room; `undefined` if there are none. */
  rules(room: string): RoomRules | undefined {
    if (this.#rules.size + this.#passing.size === 0) return undefined;
    const key = nameKey(room);
    return this.#passing.get(key) ?? this.#rules.get(key) ?? this.#formerNames.rules(key);
  }

  /** The current name of a room; a name that is no former name is returned unchanged. */
  currentName(room: string): string {
    return this.#formerNames.current(room);
  }

  /** The rules of all rooms that have any. */
  get all(): Iterable<RoomRules> {
    return new Map([...this.#rules, ...this.#passing]).values();
  }

  /** The rooms that somebody is invited to, by name or because they are here. */
  *invitationsOf(asker: Asker): Iterable<{ readonly name: string }> {
    yield* this.attendance.expecting(asker);
    const { account } = asker;
    if (account === undefined) return;
    for (const rules of this.all) {
      if (rules.invited.has(account)) yield rules;
    }
  }

  /** Why somebody may not do something; `undefined` if they may. See {@linkcode refusalOf}. */
  refusal(
    asker: Asker,
    room: string,
    act: Act,
    circumstances: Circumstances = NO_CIRCUMSTANCES,
  ): DomainError | undefined {
    const refusal = this.admission(asker);
    if (refusal) return refusal;
    // Asked for each message; most rooms have no rules, and most acts need no power.
    const hasNone = this.#rules.size + this.#passing.size === 0;
    const rules = hasNone ? undefined : this.#rulesFor(asker, room);
    const attendees = rules || takesPower(act)
      ? this.attendance.in(this.currentName(room))
      : undefined;
    const all = attendees ? { ...circumstances, attendees } : circumstances;
    return refusalOf(asker, room, rules, act, all, this.clock.now());
  }

  /**
   * The rules that somebody is under. Logs and alerts are the operators' own; those who keep order
   * in a room for a while have no say about them.
   */
  #rulesFor({ capacity }: Asker, room: string): RoomRules | undefined {
    const isAppointed = capacity === "log" || capacity === "alert";
    if (!isAppointed) return this.rules(room);
    const key = nameKey(room);
    return this.#rules.get(key) ?? this.#formerNames.rules(key);
  }

  /** Why somebody may not do anything at all here; `undefined` if they may enter the server. */
  admission(asker: Asker): DomainError | undefined {
    if (asker.revoked?.aborted) return asker.revoked.reason;
    if (!this.#isClosed || asker.account !== undefined || !isPersonal(asker)) return undefined;
    return new DomainError(
      "login-needed",
      "This server is for people with an account. Log in first.",
    );
  }

  /** @throws {DomainError} if somebody may not do something. */
  require(asker: Asker, room: string, act: Act, circumstances?: Circumstances): void {
    const refusal = this.refusal(asker, room, act, circumstances);
    if (refusal) throw refusal;
  }

  /** Whether somebody may read a room of that name. */
  mayRead(asker: Asker, room: string, circumstances?: Circumstances): boolean {
    return this.refusal(asker, room, "read", circumstances) === undefined;
  }

  /**
   * Keys of the rooms that somebody may not read, for a search to leave out; rooms of two are left
   * to {@linkcode SearchScope}.
   *
   * @param isMember Whether they are in a room.
   */
  unreadableBy(asker: Asker, isMember: (room: string) => boolean = () => false): string[] {
    return this.#refusedTo(asker, "read", isMember);
  }

  /** Keys of the rooms that must not be listed for somebody. */
  hiddenFrom(asker: Asker, isMember: (room: string) => boolean): string[] {
    return this.#refusedTo(asker, "see", isMember);
  }

  #refusedTo(asker: Asker, act: Act, isMember: (room: string) => boolean): string[] {
    const keys = [...this.all, ...this.#formerNames.all]
      .filter(({ name }) => this.refusal(asker, name, act, { isMember: isMember(name) }))
      .map(({ name }) => nameKey(name));
    return asker.isOperator ? keys : [...keys, MODERATION_ROOM];
  }

  /**
   * Notes that somebody enters a room. The first in a room that nobody owns keeps order in it until
   * they leave.
   */
  enter(room: string, member: Asker, isFirst: boolean): void {
    this.attendance.in(room)?.enter(member);
    const key = nameKey(room);
    if (!isFirst || this.#commonRooms.has(key) || !isSelfKept(room, this.#rules.get(key))) return;
    const attendees = this.attendance.open(room);
    attendees.since = this.clock.now();
    attendees.grant({ member, role: "moderator", isGiven: true });
  }

  /** Notes that somebody leaves a room. With the last one, its temporary state ends. */
  leave(room: string, member: Asker, isLast: boolean): void {
    if (isLast) this.empty(room);
    else this.attendance.in(room)?.leave(member);
  }

  /** Notes that nobody is in a room any more. */
  empty(room: string): void {
    this.attendance.close(room);
    if (this.#passing.delete(nameKey(room))) this.#tell(nameKey(room));
  }

  /** What becomes of the rules of a room. @throws {DomainError} As {@linkcode updateOf} does. */
  update(asker: Asker, next: RoomRules, changes: readonly RuleChange[]): RulesUpdate {
    const key = nameKey(next.name);
    return updateOf(asker, next, changes, this.#rules.get(key), this.#passing.get(key));
  }

  /**
   * The settings that store an update of a room's rules. None if all stay the same; and if only those
   * that pass do not, one that makes sure that nobody has changed the others meanwhile.
   */
  settings(room: string, { stored, passing }: RulesUpdate): ConditionalSetting[] {
    const key = nameKey(room);
    const isStored = stored === this.#rules.get(key);
    if (isStored && passing === this.#passing.get(key)) return [];
    const was = this.#texts.get(key) ?? null;
    return [{ service: SERVICE, key: ROOM + key, value: isStored ? was : textOf(stored), was }];
  }

  /**
   * Returns the rule changes of a rename. The rules of a registered room move for good, and the
   * former name leads to the new room. Without an owner, lasting rules stay with the old name, and
   * also hold in the new room until it is empty.
   *
   * @param to A room without any rules of its own.
   */
  move(from: string, to: string): { update: RulesUpdate; settings: ConditionalSetting[] } {
    const rules = this.rules(from);
    const isOwn = rules !== undefined && isOwned(rules);
    const update = isOwn
      ? { stored: { ...rules, name: to, formerly: withFormerName(rules, to) } }
      : { stored: undefined, passing: rules && { ...rules, name: to, isPassing: true as const } };
    // The new name first, so that the rules are never missing.
    const settings = [to, from].map((name) => {
      const key = nameKey(name);
      const was = this.#texts.get(key) ?? null;
      const value = !isOwn ? was : name === to ? textOf(update.stored) : null;
      return { service: SERVICE, key: ROOM + key, value, was };
    });
    return { update, settings };
  }

  /**
   * Puts an update in force, and tells everybody who listens.
   *
   * @param stored Its settings, which have been stored.
   * @param passing Its temporary rules.
   */
  apply(room: string, stored: readonly ConditionalSetting[], passing?: RoomRules): void {
    const key = nameKey(room);
    // As they will be read again, without what is `undefined`.
    for (const { key, value } of stored) this.#store(key.slice(ROOM.length), value);
    if (passing) this.#passing.set(key, passing);
    else this.#passing.delete(key);
    this.#tell(key);
  }

  /** Sets or ends the temporary rules of a room, as another node decided. */
  pass(room: string, rules: RoomRules | undefined): void {
    if (rules) this.#passing.set(nameKey(room), rules);
    else this.#passing.delete(nameKey(room));
    this.#tell(nameKey(room));
  }

  /** Takes over what is stored under a key: at the start, or when another node changed it. */
  #take(stateKey: string, text: string | null): void {
    if (!stateKey.startsWith(ROOM)) return;
    const key = stateKey.slice(ROOM.length);
    const before = this.#rules.get(key);
    this.#store(key, text);
    const after = this.#rules.get(key);
    // As in the act that has led to it: an owner's rules leave no others.
    if ((before && isOwned(before)) || (after && isOwned(after))) this.#passing.delete(key);
    if (after && isOwned(after)) this.#retire(key);
    this.#tell(key);
  }

  #store(key: string, text: string | null): void {
    const before = this.#rules.get(key);
    const after = text === null ? undefined : parseRules(text);
    if (after) {
      this.#rules.set(key, after);
      this.#texts.set(key, text!);
    } else {
      this.#rules.delete(key);
      this.#texts.delete(key);
    }
    this.#formerNames.note(before, after);
  }

  /** Ends the power of those who kept order in a room that has an owner now. */
  #retire(room: string): void {
    const attendees = this.attendance.in(room);
    for (const grant of attendees?.resignations() ?? []) attendees!.grant(grant);
  }

  /**
   * Calls `listener` with the key of each room whose rules have changed, until the function returned
   * is called.
   */
  onChange(listener: (room: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls `listener` with roles that another node has given or taken, before they are in force. */
  onGrants(listener: (grants: GrantsElsewhere) => void): void {
    this.#grantListeners.add(listener);
  }

  tellGrants(grants: GrantsElsewhere): void {
    for (const listener of this.#grantListeners) listener(grants);
  }

  #tell(room: string): void {
    for (const listener of this.#listeners) {
      try {
        listener(room);
      } catch (error) {
        log("access").error("Cannot tell of new rules for #{room}: {error}", { room, error });
      }
    }
  }
}

/** What is stored of rules; `null` if they say nothing. */
function textOf(rules: RoomRules | undefined): string | null {
  return rules && !areOpen(rules) ? formatRules(rules) : null;
}

/** Senders of logs and alerts were let in by the operator's configuration. */
function isPersonal({ capacity = "person" }: Asker): boolean {
  return capacity === "person" || capacity === "stranger";
}
