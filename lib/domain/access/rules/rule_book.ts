/**
 * The rules in force of all rooms, in memory: those that are stored, and temporary ones that hold
 * instead until their room is empty. Says what to store for a change, and puts it in force.
 *
 * @module
 */

import { log } from "../../../log.ts";
import type { Asker } from "../../asker.ts";
import { nameKey } from "../../name.ts";
import { type ConditionalSetting, loadAndFollow, type StateStore } from "../../state_store.ts";
import { FormerNames, withFormerName } from "./former_names.ts";
import { areOpen, formatRules, isOwned, parseRules, type RoomRules } from "./room_rules.ts";
import type { RuleChange } from "./rule_change.ts";
import { type RulesUpdate, updateOf } from "./temporary_rules.ts";

/** Where the rules are in the state store. */
const SERVICE = "access";
const ROOM = "room ";

export class RuleBook {
  /** As they are stored, by key of the room. */
  readonly #rules = new Map<string, RoomRules>();
  /** The same, to the letter. */
  readonly #texts = new Map<string, string>();
  readonly #formerNames = new FormerNames();
  /** The temporary rules in force instead, until the room is empty. */
  readonly #temporary = new Map<string, RoomRules>();
  readonly #listeners = new Set<(room: string) => void>();
  readonly #onOwned: (room: string) => void;

  /** @param onOwned Called with the key of each room that another node has given an owner. */
  constructor(onOwned: (room: string) => void) {
    this.#onOwned = onOwned;
  }

  /** Reads the rules that are stored, and follows them. @throws {Error} if they cannot be read. */
  async load(state: StateStore): Promise<void> {
    await loadAndFollow(state, SERVICE, (key, value) => this.#take(key, value));
  }

  /** Whether no room has any rules. */
  get isEmpty(): boolean {
    return this.#rules.size + this.#temporary.size === 0;
  }

  /** The rules of a room; `undefined` if there are none. */
  rules(room: string): RoomRules | undefined {
    if (this.isEmpty) return undefined;
    const key = nameKey(room);
    return this.#temporary.get(key) ?? this.#rules.get(key) ?? this.#formerNames.rules(key);
  }

  /** The rules of a room without temporary ones. */
  lastingRules(room: string): RoomRules | undefined {
    const key = nameKey(room);
    return this.#rules.get(key) ?? this.#formerNames.rules(key);
  }

  /** The rules that are stored for a room of this very name. */
  stored(room: string): RoomRules | undefined {
    return this.#rules.get(nameKey(room));
  }

  /** The current name of a room; a name that is no former name is returned unchanged. */
  currentName(room: string): string {
    return this.#formerNames.current(room);
  }

  /** The rules of all rooms that have any. */
  get all(): Iterable<RoomRules> {
    return new Map([...this.#rules, ...this.#temporary]).values();
  }

  /** The same, and the rules for the history under all former names. */
  get allNames(): readonly RoomRules[] {
    return [...this.all, ...this.#formerNames.all];
  }

  /** What becomes of the rules of a room. @throws {DomainError} As {@linkcode updateOf} does. */
  update(asker: Asker, next: RoomRules, changes: readonly RuleChange[]): RulesUpdate {
    const key = nameKey(next.name);
    return updateOf(asker, next, changes, this.#rules.get(key), this.#temporary.get(key));
  }

  /**
   * The settings that store an update of a room's rules; none if nothing changes. If only the
   * temporary rules do, the setting checks that nobody has changed the stored ones meanwhile.
   */
  settings(room: string, { stored, temporary }: RulesUpdate): ConditionalSetting[] {
    const key = nameKey(room);
    const isStored = stored === this.#rules.get(key);
    if (isStored && temporary === this.#temporary.get(key)) return [];
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
      : {
        stored: undefined,
        temporary: rules && { ...rules, name: to, isTemporary: true as const },
      };
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
   * @param temporary Its temporary rules.
   */
  apply(room: string, stored: readonly ConditionalSetting[], temporary?: RoomRules): void {
    const key = nameKey(room);
    // As they will be read again, without what is `undefined`.
    const changed = new Set([key]);
    for (const { key, value } of stored) {
      const name = key.slice(ROOM.length);
      this.#store(name, value);
      changed.add(name);
    }
    if (temporary) this.#temporary.set(key, temporary);
    else this.#temporary.delete(key);
    // A rename also changes the rules of the former name.
    for (const name of changed) this.#tell(name);
  }

  /** Sets or ends the temporary rules of a room, as another node decided. */
  setTemporary(room: string, rules: RoomRules | undefined): void {
    if (rules) this.#temporary.set(nameKey(room), rules);
    else this.#temporary.delete(nameKey(room));
    this.#tell(nameKey(room));
  }

  /** Ends the temporary rules of a room that nobody is in any more. */
  endTemporary(room: string): void {
    const key = nameKey(room);
    if (this.#temporary.delete(key)) this.#tell(key);
  }

  /**
   * Calls `listener` with the key of each room whose rules have changed, until the function returned
   * is called.
   */
  onChange(listener: (room: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes over what is stored under a key: at the start, or when another node changed it. */
  #take(stateKey: string, text: string | null): void {
    if (!stateKey.startsWith(ROOM)) return;
    const key = stateKey.slice(ROOM.length);
    const before = this.#rules.get(key);
    this.#store(key, text);
    const after = this.#rules.get(key);
    // As in the act that has led to it: an owner's rules leave no others.
    if ((before && isOwned(before)) || (after && isOwned(after))) this.#temporary.delete(key);
    if (after && isOwned(after)) this.#onOwned(key);
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

  #tell(room: string): void {
    for (const listener of this.#listeners) {
      try {
        listener(room);
      } catch (error) {
        log("access").error("Cannot announce new rules for #{room}: {error}", { room, error });
      }
    }
  }
}

/** What is stored of rules; `null` if they say nothing. */
function textOf(rules: RoomRules | undefined): string | null {
  return rules && !areOpen(rules) ? formatRules(rules) : null;
}
