/**
 * What an act of moderation changes in a room: its rules, and what the people in it may do until
 * they leave.
 *
 * @module
 */

import type { Clock } from "../../../clock.ts";
import type { RoomRegistry } from "../../rooms/room_registry.ts";
import type { Member } from "../../rooms/room_stream.ts";
import type { ConditionalSetting } from "../../state_store.ts";
import type { AccessControl } from "../access_control.ts";
import { Attendees } from "../attendance.ts";
import { isRestricted } from "../rules/restrictions.ts";
import type { Restriction } from "../rules/room_rules.ts";
import type { RulesUpdate } from "../rules/temporary_rules.ts";
import type { Plan } from "./moderation_act.ts";

export interface ActEffectsOptions {
  readonly access: AccessControl;
  readonly registry: Pick<RoomRegistry, "find">;
  readonly clock: Clock;
}

export interface Effect {
  /** To be stored together with the record of the act. */
  readonly settings: readonly ConditionalSetting[];
  /** Puts it in force, once it is stored. */
  apply(): void;
}

export class ActEffects {
  readonly #options: ActEffectsOptions;

  constructor(options: ActEffectsOptions) {
    this.#options = options;
  }

  /** The effect of a change of rules or roles. @param by The name of who decided it. */
  ofChange(plan: Plan, update: RulesUpdate, by: string): Effect {
    const { access } = this.#options;
    const { shared, attendance } = access;
    const { name } = plan.next;
    const { temporary } = update;
    const rules = access.ruleBook.settings(name, update);
    const after = () => this.#attend(attendance.in(name)?.copy() ?? new Attendees(), plan);
    const stays = shared && this.#membersOf(name)?.size
      ? shared.settings(name, by, after(), temporary)
      : [];
    return {
      settings: [...rules, ...stays],
      apply: () => {
        shared?.noteStored(stays);
        // Everybody may have left meanwhile, which ends the temporary state.
        if (!this.#membersOf(name)?.size) return access.ruleBook.apply(name, rules);
        this.#attend(attendance.open(name), plan);
        access.ruleBook.apply(name, rules, temporary);
      },
    };
  }

  /** The effect of a rename: who may do what in the old room may do so in the new one. */
  ofMove(from: string, to: string, by: string): Effect {
    const { access } = this.#options;
    const { shared, attendance } = access;
    const { update: { temporary }, settings } = access.ruleBook.move(from, to);
    const attendees = attendance.in(from)?.copy() ?? new Attendees();
    const stays = shared?.settings(to, by, attendees, temporary, from) ?? [];
    return {
      settings: [...settings, ...stays],
      apply: () => {
        shared?.noteStored(stays);
        const members = this.#membersOf(to);
        attendance.close(from);
        // Somebody who entered it meanwhile does not keep order there, as at all other nodes.
        attendance.close(to);
        // Everybody may have left meanwhile.
        if (members?.size) attendance.open(to).add(attendees, members);
        access.ruleBook.apply(to, settings, members?.size ? temporary : undefined);
      },
    };
  }

  /** Changes who has what in a room as an act says. */
  #attend(attendees: Attendees, { next, changes, grants = [], expects }: Plan): Attendees {
    const members = this.#membersOf(next.name);
    for (const grant of grants) {
      if (members?.has(grant.member as Member)) attendees.grant(grant);
    }
    if (expects) attendees.expect(expects);
    for (const { slot, after } of changes) {
      if (slot !== "ban" || after === null) continue;
      const bans = [after as Restriction];
      const now = this.#options.clock.now();
      attendees.disown((asker) => isRestricted(asker, bans, now) !== undefined);
    }
    return attendees;
  }

  #membersOf(room: string): ReadonlySet<Member> | undefined {
    return this.#options.registry.find(room)?.members;
  }
}
