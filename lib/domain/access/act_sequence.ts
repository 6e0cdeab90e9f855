/**
 * Carries out acts of moderation, one after the other, so that none undoes another by accident. Each
 * is recorded as one event in #moderation together with the rules that it leads to, and is in force
 * once that is on disk: done and recorded, or neither.
 *
 * @module
 */

import { type Clock, systemClock } from "../../clock.ts";
import { log } from "../../log.ts";
import { DomainError } from "../domain_error.ts";
import { whyRefused } from "../log_error.ts";
import { nameKey } from "../name.ts";
import type { Draft, RoomEvent } from "../room_event.ts";
import type { RoomRegistry } from "../room_registry.ts";
import type { Member } from "../room_stream.ts";
import { type ConditionalSetting, StateConflictError, type StateSetting } from "../state_store.ts";
import type { AccessControl } from "./access_control.ts";
import type { Asker } from "./asker.ts";
import { Attendees, type PassingGrant } from "./attendance.ts";
import { checkRules, type Move, type Plan } from "./moderation_acts.ts";
import type { ActName, ModerationFacts } from "./moderation_record.ts";
import { type Act, MODERATION_ROOM } from "./permissions.ts";
import { isRestricted } from "./restrictions.ts";
import { isOwned, openRules, type Restriction, type RoomRules } from "./room_rules.ts";

/** Who acts: a person at any door, or the operator on the machine. */
export interface Moderator extends Asker {
  /** How they are connected, e.g. `telnet`. */
  readonly via?: string;
  /** The number of their session, which what they say has; absent for who is in no session. */
  readonly origin?: number;
}

/** An act to be carried out. */
export interface Order {
  readonly asker: Moderator;
  /** The room's name. */
  readonly room: string;
  readonly act: ActName;
  /** What it takes. */
  readonly needs: readonly Act[];
  readonly facts?: Omit<ModerationFacts, "act" | "room">;
  /** Events that are stored together with the record. */
  readonly drafts?: readonly Draft[];
  readonly settings?: readonly StateSetting[];
  /** Makes sure, once all acts before are done, that it still makes sense. Throws if not. */
  check?(): Promise<void>;
  /** What becomes of the rules. Throws if the act makes no sense. */
  plan(rules: RoomRules, now: number): Plan;
}

/** An act that is done and on record. */
export interface DoneAct {
  /** Its number in #moderation. */
  readonly seq: number;
  /** Who did it. */
  readonly by: string;
  readonly facts: ModerationFacts;
  /** What was done, to go after the name of who did it. */
  readonly deed: string;
  /** Whether `/undo` may take it back. */
  readonly canBeUndone: boolean;
  /** Whether the people in the room have been told in its stream. */
  readonly isTold: boolean;
  /** Roles that people got or lost for as long as they are there. */
  readonly grants?: readonly PassingGrant[];
}

/** How often an act is decided again because another node was faster. */
const MOST_ATTEMPTS = 5;
/** Said when somebody makes a room private that nobody owns. */
const OPENED_LATER = "Once everybody has left, anybody can read its past, unless it is registered";

export interface ActSequenceOptions {
  readonly access: AccessControl;
  readonly registry: RoomRegistry;
  /** @default {systemClock} */
  readonly clock?: Clock;
  /** Acts have the numbers below its negative. @default {the time in microseconds} */
  readonly firstOrigin?: number;
}

export class ActSequence {
  readonly #access: AccessControl;
  readonly #registry: RoomRegistry;
  readonly #clock: Clock;
  readonly #listeners = new Set<(act: DoneAct) => void>();
  /** Settles when all acts so far are done or have failed. */
  #last: Promise<unknown> = Promise.resolve();
  /** Below all origins of sessions, which are positive. */
  #lastOrigin: number;

  constructor(options: ActSequenceOptions) {
    const { access, registry, clock = systemClock } = options;
    this.#access = access;
    this.#registry = registry;
    this.#clock = clock;
    this.#lastOrigin = -(options.firstOrigin ?? clock.now() * 1000);
  }

  /**
   * Calls `listener` with each act once it is on record, before its rules are in force, until the
   * function returned is called.
   */
  onAct(listener: (act: DoneAct) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @throws {DomainError} if it is not permitted, makes no sense, or cannot be stored. */
  async carryOut(order: Order): Promise<DoneAct> {
    // At once, too, so that somebody who may not do it need not wait.
    this.#require(order);
    const done = this.#last.then(() => this.#decide(order));
    this.#last = done.catch(() => {});
    return await done;
  }

  /** Decides again under the new rules if another node has changed them at the same moment. */
  async #decide(order: Order): Promise<DoneAct> {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      try {
        return await this.#carryOutNow(order);
      } catch (error) {
        if (!(error instanceof StateConflictError)) throw error;
      }
    }
    throw overtaken(order.room);
  }

  async #carryOutNow(order: Order): Promise<DoneAct> {
    const { asker, act, facts, drafts = [], settings = [] } = order;
    this.#require(order);
    await order.check?.();
    // Acts on messages under a former name are judged by the rules of the renamed room.
    const current = this.#access.currentName(order.room);
    const rules = this.#access.rules(current) ?? openRules(current);
    const plan = order.plan(rules, this.#clock.now());
    if (plan.move) return await this.#move(order, plan, plan.move);
    const { next, changes, isTold = false } = plan;
    checkRules(rules, next);
    const grants = isOwned(next) && !isOwned(rules) ? this.#retire(next.name) : plan.grants;
    const update = this.#access.update(asker, next, changes);
    const isOpenedLater = update.passing?.isPrivate && !rules.isPrivate;
    const deed = isOpenedLater ? `${plan.deed}. ${OPENED_LATER}` : plan.deed;
    const rulesToStore = this.#access.settings(next.name, update);
    const stays = this.#staysAfter({ ...plan, grants }, update.passing, asker.nickname);
    const state = [...settings, ...rulesToStore, ...stays];
    const room = changes.length > 0 || current === order.room ? rules.name : order.room;
    const record: ModerationFacts = { act, room, by: asker.account, ...facts, changes };
    const common = { from: asker.nickname, via: asker.via, origin: --this.#lastOrigin };
    const body = `${whoIs(asker)} ${deed}.`;
    const stored: Draft[] = [
      ...drafts.map((draft) => ({ ...draft, ...common })),
      {
        ...common,
        room: MODERATION_ROOM,
        kind: "moderation",
        body,
        fields: compact({ ...record, isTold: isTold || undefined }),
        state,
      },
    ];
    if (isTold) {
      const told = `${asker.nickname} ${deed}.`;
      // A role for good is more than what IRC has a mode for.
      const isLasting = act === "grant" && !grants;
      const cause = isLasting ? undefined : { kind: "act", act } as const;
      stored.push({ ...common, room: rules.name, kind: "notice", body: told, cause });
    }
    const event = await store(this.#registry, stored);
    const by = asker.nickname;
    const canBeUndone = changes.length > 0;
    const done = { seq: event.seq, by, facts: record, deed, canBeUndone, isTold, grants };
    this.#tell(done);
    this.#access.shared?.noteStored(stays);
    this.#apply({ ...plan, grants }, rulesToStore, update.passing);
    return done;
  }

  /** Stores a rename. Its people are members of the new room once that is committed. */
  async #move(order: Order, { deed }: Plan, { to, drafts }: Move): Promise<DoneAct> {
    const { asker, act, facts } = order;
    const { shared, attendance } = this.#access;
    const from = this.#access.rules(order.room)?.name ?? order.room;
    const { update, settings } = this.#access.move(from, to);
    const attendees = attendance.in(from)?.copy() ?? new Attendees();
    const stays = shared?.settings(to, asker.nickname, attendees, update.passing, from) ?? [];
    const record: ModerationFacts = { act, room: from, by: asker.account, ...facts, changes: [] };
    const common = { from: asker.nickname, via: asker.via, origin: --this.#lastOrigin };
    const event = await store(this.#registry, [
      ...drafts.map((draft) => ({ ...common, ...draft })),
      {
        ...common,
        room: MODERATION_ROOM,
        kind: "moderation",
        body: `${whoIs(asker)} ${deed}.`,
        fields: compact(record),
        state: [...settings, ...stays],
      },
    ]);
    const by = asker.nickname;
    const done = { seq: event.seq, by, facts: record, deed, canBeUndone: false, isTold: true };
    this.#tell(done);
    shared?.noteStored(stays);
    const members = this.#registry.find(to)?.members;
    attendance.close(from);
    // Everybody may have left meanwhile.
    if (members?.size) attendance.open(to).add(attendees, members);
    this.#access.apply(to, settings, members?.size ? update.passing : undefined);
    return done;
  }

  /** Ends the power of those who kept order in a room that has an owner now. */
  #retire(room: string): readonly PassingGrant[] {
    const keepers = this.#access.attendance.in(room)?.with("moderator") ?? [];
    return Array.from(keepers, (member) => ({ member, role: "moderator", isGiven: false }));
  }

  #apply(
    plan: Plan,
    stored: readonly ConditionalSetting[],
    passing: RoomRules | undefined,
  ): void {
    const { name } = plan.next;
    const members = this.#registry.find(name)?.members;
    // Everybody may have left meanwhile, which ends the temporary state.
    if (!members || members.size === 0) return this.#access.apply(name, stored);
    this.#attend(this.#access.attendance.open(name), plan);
    this.#access.apply(name, stored, passing);
  }

  /** The settings that tell other nodes the temporary state of the room. */
  #staysAfter(plan: Plan, passing: RoomRules | undefined, by: string): ConditionalSetting[] {
    const { shared, attendance } = this.#access;
    const { name } = plan.next;
    if (!shared || !this.#registry.find(name)?.members.size) return [];
    const attendees = attendance.in(name)?.copy() ?? new Attendees();
    return shared.settings(name, by, this.#attend(attendees, plan), passing);
  }

  /** Changes who has what in a room as an act says. */
  #attend(attendees: Attendees, { next, changes, grants = [], expects }: Plan): Attendees {
    const members = this.#registry.find(next.name)?.members;
    for (const grant of grants) {
      if (members?.has(grant.member as Member)) attendees.grant(grant);
    }
    if (expects) attendees.expect(expects);
    for (const { slot, after } of changes) {
      if (slot !== "ban" || after === null) continue;
      const bans = [after as Restriction];
      attendees.disown((asker) => isRestricted(asker, bans, this.#clock.now()) !== undefined);
    }
    return attendees;
  }

  #require({ asker, room, needs }: Order): void {
    const members = this.#registry.find(room)?.members;
    const isMember = members?.has(asker as Member);
    for (const act of needs) {
      this.#access.require(asker, room, act, { isMember, members: members?.size });
    }
  }

  #tell(act: DoneAct): void {
    for (const listener of this.#listeners) {
      try {
        listener(act);
      } catch (error) {
        log("access").error("Cannot tell of an act of moderation: {error}", { error });
      }
    }
  }
}

/**
 * Stores the drafts of an act together; returns the event in #moderation.
 *
 * @throws {StateConflictError} if another node has changed the rules meanwhile.
 * @throws {DomainError} if they cannot be stored.
 */
async function store(registry: RoomRegistry, drafts: readonly Draft[]): Promise<RoomEvent> {
  try {
    const events = await registry.postUnasked(drafts);
    return events.find(({ kind }) => kind === "moderation")!;
  } catch (error) {
    if (error instanceof StateConflictError) throw error;
    throw new DomainError(
      "unavailable",
      `Nothing was changed, because it could not be stored. The server's ${whyRefused(error)}; ` +
        "try again later.",
    );
  }
}

function overtaken(room: string): DomainError {
  return new DomainError(
    "unavailable",
    `Nothing was changed, because others are changing the rules of #${room} at the same moment. ` +
      "Try again.",
  );
}

function whoIs({ nickname, account }: Asker): string {
  return account === undefined || account === nameKey(nickname)
    ? nickname
    : `${nickname} (account ${account})`;
}

/** Without properties that are undefined, as JSON has it. */
function compact(facts: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}
