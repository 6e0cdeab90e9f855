/**
 * What an asker may do: the rules in force, what people may do because they are in a room, and the
 * server's configuration, taken together.
 *
 * @module
 */

import { type Clock, systemClock } from "../../clock.ts";
import type { Asker } from "../asker.ts";
import { DomainError } from "../domain_error.ts";
import { nameKey } from "../name.ts";
import { COMMON_ROOMS, MODERATION_ROOM } from "../server_rooms.ts";
import type { ConditionalSetting, StateStore } from "../state_store.ts";
import { Attendance, type Attendees, type GrantsElsewhere } from "./attendance.ts";
import { refusalOf } from "./permissions.ts";
import { type Act, type Circumstances, takesPower } from "./room_act.ts";
import type { RoomRules } from "./rules/room_rules.ts";
import { RuleBook } from "./rules/rule_book.ts";
import { isSelfKept } from "./rules/temporary_rules.ts";

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

/** Shares the temporary state of rooms; `shared_attendance.ts` explains the methods. */
export interface StaySharing {
  settings(
    room: string,
    by: string,
    attendees: Attendees,
    temporary: RoomRules | undefined,
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
  /** The rules in force. */
  readonly ruleBook = new RuleBook((room) => this.#retire(room));
  #isClosed!: boolean;
  #commonRooms!: ReadonlySet<string>;
  readonly #grantListeners = new Set<(grants: GrantsElsewhere) => void>();

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
    await access.ruleBook.load(state);
    return access;
  }

  /** Whether only people with an account may enter. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** As {@linkcode RuleBook.rules}. */
  rules(room: string): RoomRules | undefined {
    return this.ruleBook.rules(room);
  }

  /** As {@linkcode RuleBook.currentName}. */
  currentName(room: string): string {
    return this.ruleBook.currentName(room);
  }

  /** As {@linkcode RuleBook.onChange}. */
  onChange(listener: (room: string) => void): () => void {
    return this.ruleBook.onChange(listener);
  }

  /** The rooms that somebody is invited to, by name or because they are here. */
  *invitationsOf(asker: Asker): Iterable<{ readonly name: string }> {
    yield* this.attendance.expecting(asker);
    const { account } = asker;
    if (account === undefined) return;
    for (const rules of this.ruleBook.all) {
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
    const rules = this.ruleBook.isEmpty ? undefined : this.#rulesFor(asker, room);
    const attendees = rules || takesPower(act)
      ? this.attendance.in(this.ruleBook.currentName(room))
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
    return isAppointed ? this.ruleBook.lastingRules(room) : this.ruleBook.rules(room);
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
  mayRead(asker: Asker, room: string): boolean {
    return this.refusal(asker, room, "read") === undefined;
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
    const keys = this.ruleBook.allNames
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
    if (!isFirst || this.#commonRooms.has(nameKey(room))) return;
    if (!isSelfKept(room, this.ruleBook.stored(room))) return;
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
    this.ruleBook.endTemporary(room);
  }

  /** Ends the power of those who kept order in a room that has an owner now. */
  #retire(room: string): void {
    const attendees = this.attendance.in(room);
    for (const grant of attendees?.resignations() ?? []) attendees!.grant(grant);
  }

  /** Calls `listener` with roles that another node has given or taken, before they are in force. */
  onGrants(listener: (grants: GrantsElsewhere) => void): void {
    this.#grantListeners.add(listener);
  }

  tellGrants(grants: GrantsElsewhere): void {
    for (const listener of this.#grantListeners) listener(grants);
  }
}

/** Senders of logs and alerts were let in by the operator's configuration. */
function isPersonal({ capacity = "person" }: Asker): boolean {
  return capacity === "person" || capacity === "stranger";
}
