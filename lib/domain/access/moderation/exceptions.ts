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

  /** Makes bans, or mutes, concern somebody no more. */
  add(asker: Moderator, room: string, target: Target): Promise<DoneAct> {
    const plan = (rules: RoomRules) => excepting(rules, target);
    return this.#acts.carryOut({ ...against(target), asker, room, act: "except", plan });
  }

  /** Makes bans, or mutes, concern somebody again. */
  remove(asker: Moderator, room: string, target: Target): Promise<DoneAct> {
    const plan = (rules: RoomRules) => unexcepting(rules, target);
    return this.#acts.carryOut({ ...against(target), asker, room, act: "unexcept", plan });
  }
}

/** Makes bans concern somebody no more, whichever there are. */
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
