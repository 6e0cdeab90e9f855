/**
 * Exceptions to the bans and mutes of a room.
 *
 * @module
 */

import { notPermitted } from "../refusal.ts";
import { exceptedTarget, isOfMutes, targetKey } from "../rules/restrictions.ts";
import type { RoomRules } from "../rules/room_rules.ts";
import { valueOf } from "../rules/rule_change.ts";
import type { ActSequence } from "./act_sequence.ts";
import type { DoneAct, Moderator, Plan, Target } from "./moderation_act.ts";
import { against, changing, usualForm } from "./plan_changes.ts";

export class Exceptions {
  readonly #acts: ActSequence;

  constructor(acts: ActSequence) {
    this.#acts = acts;
  }

  /** Exempts somebody from the bans of a room, or from its mutes. */
  add(asker: Moderator, room: string, target: Target): Promise<DoneAct> {
    const plan = (rules: RoomRules) => excepting(rules, target);
    return this.#acts.carryOut({ ...against(target), asker, room, act: "except", plan });
  }

  /** Ends such an exemption. */
  remove(asker: Moderator, room: string, target: Target): Promise<DoneAct> {
    const plan = (rules: RoomRules) => unexcepting(rules, target);
    return this.#acts.carryOut({ ...against(target), asker, room, act: "unexcept", plan });
  }
}

/** Exempts somebody from bans, or mutes, both those in force and later ones. */
function excepting(rules: RoomRules, { name }: Target): Plan {
  const key = targetKey(name);
  if (valueOf(rules, "exception", key) !== null) {
    throw notPermitted(
      `${whom(name)} is already an exception to the ${what(name)} of #${rules.name}.`,
    );
  }
  const plan = changing(rules, "exception", key, usualForm(name));
  const deed = `made ${whom(name)} an exception to the ${what(name)} of #${rules.name}`;
  return { ...plan, deed };
}

function unexcepting(rules: RoomRules, { name }: Target): Plan {
  const key = targetKey(name);
  if (valueOf(rules, "exception", key) === null) {
    throw notPermitted(
      `${whom(name)} is not an exception to the ${what(name)} of #${rules.name}. /bans lists them.`,
    );
  }
  const plan = changing(rules, "exception", key, null);
  const deed = `removed ${whom(name)} from the exceptions to the ${what(name)} of #${rules.name}`;
  return { ...plan, deed };
}

const whom = exceptedTarget;

function what(exception: string): string {
  return isOfMutes(exception) ? "mutes" : "bans";
}
