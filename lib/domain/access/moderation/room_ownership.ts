/**
 * Who owns a room: somebody becomes the owner of one that has none, or gives theirs up.
 *
 * @module
 */

import type { AccessControl } from "../access_control.ts";
import { notPermitted } from "../refusal.ts";
import { openRules, type RoomRules } from "../rules/room_rules.ts";
import { changeTo, valueOf } from "../rules/rule_change.ts";
import type { ActSequence } from "./act_sequence.ts";
import type { DoneAct, Moderator, Plan } from "./moderation_act.ts";
import { changing } from "./plan_changes.ts";

/** Rooms that one account may register. */
const MOST_OWNED = 100;
/** Rules of a released room that are longer than this as JSON are not recorded. */
const LONGEST_RECORD = 16 * 1024;

export interface RoomOwnershipOptions {
  readonly access: AccessControl;
  readonly acts: ActSequence;
}

export class RoomOwnership {
  readonly #access: AccessControl;
  readonly #acts: ActSequence;

  constructor({ access, acts }: RoomOwnershipOptions) {
    this.#access = access;
    this.#acts = acts;
  }

  /** Makes the asker the owner of a room that has none. */
  register(asker: Moderator, room: string): Promise<DoneAct> {
    return this.#acts.carryOut({
      asker,
      room,
      act: "register",
      needs: ["register"],
      plan: (rules) => {
        this.#checkOwned(asker);
        return registering(rules, asker.account!);
      },
    });
  }

  /** Gives a room up: it has no owner and no settings then. */
  release(asker: Moderator, room: string): Promise<DoneAct> {
    const plan = releasing;
    return this.#acts.carryOut({ asker, room, act: "release", needs: ["own"], plan });
  }

  #checkOwned({ account, isOperator }: Moderator): void {
    if (isOperator) return;
    let count = 0;
    for (const { roles } of this.#access.ruleBook.all) {
      if (roles.get(account!) === "owner") count++;
    }
    if (count < MOST_OWNED) return;
    throw notPermitted(
      `You own ${MOST_OWNED} rooms, which is the limit. Give one up with /room release first.`,
    );
  }
}

/** Gives a role in a room without an owner to the first one. */
function registering(rules: RoomRules, account: string): Plan {
  const plan = changing(rules, "role", account, "owner");
  return { ...plan, deed: `became the owner of #${rules.name}`, isTold: true };
}

/** Gives a room up. */
function releasing(rules: RoomRules): Plan {
  if (rules.isPrivate) {
    throw notPermitted(
      `#${rules.name} is private, and without an owner everybody could read it. Type /room private ` +
        "off first, if that is what you want.",
    );
  }
  const next = openRules(rules.name);
  const change = changeTo(rules, "rules", undefined, valueOf(next, "rules"));
  const isRecorded = JSON.stringify(change).length <= LONGEST_RECORD;
  const deed = `released #${rules.name}: it has no owner and no settings any more`;
  return { next, changes: isRecorded ? [change] : [], deed, isTold: true };
}
