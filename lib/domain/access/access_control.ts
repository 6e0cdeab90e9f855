/**
 * The rules in force, in memory, and what follows from them for an asker.
 *
 * @module
 */

import { type Clock, systemClock } from "../../clock.ts";
import { log } from "../../log.ts";
import { DomainError } from "../domain_error.ts";
import { nameKey } from "../name.ts";
import type { StateSetting, StateStore } from "../state_store.ts";
import type { Asker } from "./asker.ts";
import { type Act, type Circumstances, MODERATION_ROOM, refusalOf } from "./permissions.ts";
import { formatRules, parseRules, type RoomRules } from "./room_rules.ts";

/** Where the rules are in the state store. */
const SERVICE = "access";
const ROOM = "room ";

export interface AccessControlOptions {
  /** @default {systemClock} */
  readonly clock?: Clock;
  /** Whether only people with an account may read or do anything. @default {false} */
  readonly isClosed?: boolean;
}

const NO_CIRCUMSTANCES: Circumstances = {};

/** Answers who may do what. Everything that reads or changes a room asks here first. */
export class AccessControl {
  /** What times in rules are compared with. */
  readonly clock: Clock;
  readonly #isClosed: boolean;
  readonly #rules = new Map<string, RoomRules>();
  readonly #listeners = new Set<(room: string) => void>();

  constructor({ clock = systemClock, isClosed = false }: AccessControlOptions = {}) {
    this.clock = clock;
    this.#isClosed = isClosed;
  }

  /** Reads the rules that are stored. @throws {Error} if they cannot be read. */
  static async open(state: StateStore, options?: AccessControlOptions): Promise<AccessControl> {
    const access = new AccessControl(options);
    for (const [key, value] of await state.all(SERVICE)) {
      if (key.startsWith(ROOM)) access.#rules.set(key.slice(ROOM.length), parseRules(value));
    }
    return access;
  }

  /** Whether only people with an account may enter. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The rules of a room; `undefined` if there are none. */
  rules(room: string): RoomRules | undefined {
    return this.#rules.size === 0 ? undefined : this.#rules.get(nameKey(room));
  }

  /** The rules of all rooms that have any. */
  get all(): Iterable<RoomRules> {
    return this.#rules.values();
  }

  /** Why somebody may not do something; `undefined` if they may. See {@linkcode refusalOf}. */
  refusal(
    asker: Asker,
    room: string,
    act: Act,
    circumstances: Circumstances = NO_CIRCUMSTANCES,
  ): DomainError | undefined {
    const now = this.clock.now();
    return this.admission(asker) ??
      refusalOf(asker, room, this.rules(room), act, circumstances, now);
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
    const keys = [...this.#rules.values()]
      .filter(({ name }) => this.refusal(asker, name, act, { isMember: isMember(name) }))
      .map(({ name }) => nameKey(name));
    return asker.isOperator ? keys : [...keys, MODERATION_ROOM];
  }

  /** The setting that stores a room's rules; `undefined` rules remove them. */
  setting(room: string, rules: RoomRules | undefined): StateSetting {
    const value = rules ? formatRules(rules) : null;
    return { service: SERVICE, key: ROOM + nameKey(room), value };
  }

  /** Puts settings in force that have been stored, and tells everybody who listens. */
  apply(settings: readonly StateSetting[]): void {
    for (const { service, key, value } of settings) {
      if (service !== SERVICE || !key.startsWith(ROOM)) continue;
      const room = key.slice(ROOM.length);
      if (value === null) this.#rules.delete(room);
      else this.#rules.set(room, parseRules(value));
      this.#tell(room);
    }
  }

  /**
   * Calls `listener` with the key of each room whose rules have changed, until the function returned
   * is called.
   */
  onChange(listener: (room: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
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

/** Senders of logs and alerts were let in by the operator's configuration. */
function isPersonal({ capacity = "person" }: Asker): boolean {
  return capacity === "person" || capacity === "stranger";
}
