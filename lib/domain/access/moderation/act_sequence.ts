/**
 * Carries out acts of moderation, one after the other, so that none undoes another by accident. Each
 * is in force once it is on record and on disk: done and recorded, or neither.
 *
 * @module
 */

import { type Clock, systemClock } from "../../../clock.ts";
import { log } from "../../../log.ts";
import { DomainError } from "../../domain_error.ts";
import type { RoomRegistry } from "../../rooms/room_registry.ts";
import type { Member } from "../../rooms/room_stream.ts";
import { StateConflictError } from "../../state_store.ts";
import type { AccessControl } from "../access_control.ts";
import { isOwned, openRules, type RoomRules } from "../rules/room_rules.ts";
import { ActEffects, type Effect } from "./act_effects.ts";
import { ActRecorder } from "./act_recorder.ts";
import type { DoneAct, Move, Order, Plan } from "./moderation_act.ts";
import type { ModerationFacts } from "./moderation_record.ts";
import { checkRules } from "./rule_limits.ts";

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
  readonly #effects: ActEffects;
  readonly #recorder: ActRecorder;
  readonly #listeners = new Set<(act: DoneAct) => void>();
  /** Settles when all acts so far are done or have failed. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ActSequenceOptions) {
    const { access, registry, clock = systemClock } = options;
    this.#access = access;
    this.#registry = registry;
    this.#clock = clock;
    this.#effects = new ActEffects({ access, registry, clock });
    this.#recorder = new ActRecorder(registry, options.firstOrigin ?? clock.now() * 1000);
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
    this.#require(order);
    await order.check?.();
    // Acts on messages under a former name are judged by the rules of the renamed room.
    const current = this.#access.currentName(order.room);
    const rules = this.#access.rules(current) ?? openRules(current);
    const plan = order.plan(rules, this.#clock.now());
    if (plan.move) return await this.#move(order, plan, plan.move);
    const isNamedSo = plan.changes.length > 0 || current === order.room;
    return await this.#change(order, rules, plan, isNamedSo ? rules.name : order.room);
  }

  /** @param room Where it is said to be done. */
  async #change(order: Order, rules: RoomRules, plan: Plan, room: string): Promise<DoneAct> {
    const { asker, act, drafts, settings = [] } = order;
    const { next, changes, isTold = false } = plan;
    checkRules(rules, next);
    const isTaken = isOwned(next) && !isOwned(rules);
    // Nobody keeps order any more as the first in a room that has an owner now.
    const grants = isTaken
      ? this.#access.attendance.in(next.name)?.resignations() ?? []
      : plan.grants;
    const update = this.#access.ruleBook.update(asker, next, changes);
    const isOpenedLater = update.temporary?.isPrivate && !rules.isPrivate;
    const deed = isOpenedLater ? `${plan.deed}. ${OPENED_LATER}` : plan.deed;
    const effect = this.#effects.ofChange({ ...plan, grants }, update, asker.nickname);
    const facts: ModerationFacts = { act, room, by: asker.account, ...order.facts, changes };
    // A role for good is more than what IRC has a mode for.
    const isLasting = act === "grant" && !grants;
    const cause = isLasting ? undefined : { kind: "act", act } as const;
    const notice = isTold ? { room: rules.name, cause, fields: plan.fields } : undefined;
    const state = [...settings, ...effect.settings];
    const seq = await this.#recorder.record({ asker, facts, deed, state, drafts, notice });
    const by = asker.nickname;
    const canBeUndone = changes.length > 0;
    return this.#finish({ seq, by, facts, deed, canBeUndone, isTold, grants }, effect);
  }

  /** Carries out a rename. Its people are members of the new room once that is committed. */
  async #move(order: Order, { deed }: Plan, { to, drafts }: Move): Promise<DoneAct> {
    const { asker, act } = order;
    const by = asker.nickname;
    const room = this.#access.rules(order.room)?.name ?? order.room;
    const effect = this.#effects.ofMove(room, to, by);
    const facts: ModerationFacts = { act, room, by: asker.account, ...order.facts, changes: [] };
    const state = effect.settings;
    const seq = await this.#recorder.record({ asker, facts, deed, state, drafts });
    return this.#finish({ seq, by, facts, deed, canBeUndone: false, isTold: true }, effect);
  }

  #finish(done: DoneAct, effect: Effect): DoneAct {
    this.#tell(done);
    effect.apply();
    return done;
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
        log("access").error("Cannot announce an act of moderation: {error}", { error });
      }
    }
  }
}

function overtaken(room: string): DomainError {
  return new DomainError(
    "unavailable",
    `Nothing was changed, because others are changing the rules of #${room} at the same moment. ` +
      "Try again.",
  );
}
