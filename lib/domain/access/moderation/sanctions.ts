/**
 * Acts against people: bans, mutes and kicks.
 *
 * @module
 */

import { MODERATION_ROOM } from "../../server_rooms.ts";
import { notPermitted } from "../refusal.ts";
import { addressRange } from "../rules/address_range.ts";
import type { RoomRules } from "../rules/room_rules.ts";
import type { ActSequence } from "./act_sequence.ts";
import type { DoneAct, Moderator, Plan, Target } from "./moderation_act.ts";
import { against, checkReason } from "./plan_changes.ts";
import { type AccountDirectory, immunity, requireUnprotected } from "./protection.ts";
import { banning, type Decision, muting, unbanning, unmuting } from "./restriction_plans.ts";

export interface SanctionsOptions {
  readonly acts: ActSequence;
  /** @default {there are no accounts} */
  readonly accounts?: AccountDirectory;
}

export class Sanctions {
  readonly #acts: ActSequence;
  readonly #accounts: AccountDirectory | undefined;

  constructor({ acts, accounts }: SanctionsOptions) {
    this.#acts = acts;
    this.#accounts = accounts;
  }

  /** Keeps somebody out of a room, and puts them out if they are in it. */
  ban(asker: Moderator, room: string, decision: Omit<Decision, "by">): Promise<DoneAct> {
    return this.#restrict("ban", asker, room, decision);
  }

  /** Keeps somebody from speaking in a room. */
  mute(asker: Moderator, room: string, decision: Omit<Decision, "by">): Promise<DoneAct> {
    return this.#restrict("mute", asker, room, decision);
  }

  /** Ends a ban, of an account, a name or a mask. */
  unban(asker: Moderator, room: string, target: Target): Promise<DoneAct> {
    const plan = (rules: RoomRules, now: number) => unbanning(rules, target, now);
    return this.#acts.carryOut({ ...against(target), asker, room, act: "unban", plan });
  }

  /** Ends a mute. */
  unmute(asker: Moderator, room: string, target: Target): Promise<DoneAct> {
    const plan = (rules: RoomRules, now: number) => unmuting(rules, target, now);
    return this.#acts.carryOut({ ...against(target), asker, room, act: "unmute", plan });
  }

  /** Sends somebody out of a room, who may come back. What listens to acts has to do it. */
  kick(asker: Moderator, room: string, target: Target, reason: string): Promise<DoneAct> {
    const deed = `kicked ${target.name} from #${room}${reason && ` (${reason})`}`;
    const plan = (rules: RoomRules): Plan => {
      checkReason(reason);
      requireUnprotected(asker, rules, target, this.#accounts);
      return { next: rules, changes: [], deed };
    };
    return this.#acts.carryOut({ ...against(target, { reason }), asker, room, act: "kick", plan });
  }

  /**
   * Records that an operator of the server ends somebody's connection. The door has to do it.
   *
   * @throws {DomainError} `not-permitted`, at once, if the asker is no operator.
   */
  disconnect(asker: Moderator, name: string, reason: string): Promise<DoneAct> {
    if (!asker.isOperator) {
      throw notPermitted("Only operators of the server can do that.");
    }
    checkReason(reason);
    const deed = `disconnected ${name} from the server${reason && ` (${reason})`}`;
    const plan = (rules: RoomRules): Plan => ({ next: rules, changes: [], deed });
    const facts = { target: name, reason };
    const room = MODERATION_ROOM;
    return this.#acts.carryOut({ asker, room, act: "kill", needs: [], facts, plan });
  }

  #restrict(
    act: "ban" | "mute",
    asker: Moderator,
    room: string,
    decision: Omit<Decision, "by">,
  ): Promise<DoneAct> {
    const { target, until, reason } = decision;
    const full = { ...decision, by: asker.nickname };
    const plan = (rules: RoomRules, now: number) => {
      requireUnprotected(asker, rules, target, this.#accounts);
      const unharmed = immunity(act, rules, target, this.#accounts);
      if (unharmed) throw unharmed;
      if (addressRange(target.name)?.isWhole) {
        throw notPermitted(
          `${target.name} is everybody. /room private on lets in invited people only.`,
        );
      }
      return act === "ban" ? banning(rules, full, now) : muting(rules, full, now);
    };
    const time = until === undefined ? {} : { until: new Date(until).toISOString() };
    return this.#acts.carryOut({ ...against(target, { reason, ...time }), asker, room, act, plan });
  }
}
