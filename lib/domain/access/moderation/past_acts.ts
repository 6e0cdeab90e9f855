/**
 * Looks up recorded acts of moderation, and undoes them.
 *
 * @module
 */

import { DomainError } from "../../domain_error.ts";
import type { RoomHistory } from "../../history/room_history.ts";
import { MODERATION_ROOM } from "../../server_rooms.ts";
import type { AccessControl } from "../access_control.ts";
import { notPermitted } from "../refusal.ts";
import type { Act } from "../room_act.ts";
import { type Restriction, type RoomRules, withRole } from "../rules/room_rules.ts";
import {
  type RuleChange,
  type RuleSlot,
  type RuleValue,
  valueOf,
  withValue,
} from "../rules/rule_change.ts";
import type { ActSequence } from "./act_sequence.ts";
import type { DoneAct, Moderator, Plan } from "./moderation_act.ts";
import { type ActName, type ModerationFacts, readFacts } from "./moderation_record.ts";
import { type AccountDirectory, requireUnprotected } from "./protection.ts";

export interface PastActsOptions {
  readonly access: AccessControl;
  readonly acts: ActSequence;
  /** Where past acts are read. */
  readonly log: Pick<RoomHistory, "read">;
  /** @default {there are no accounts} */
  readonly accounts?: AccountDirectory;
}

export class PastActs {
  readonly #options: PastActsOptions;

  constructor(options: PastActsOptions) {
    this.#options = options;
  }

  /** As `Moderation.undo()`. @throws {DomainError} as that does. */
  async undo(asker: Moderator, seq: number): Promise<DoneAct> {
    const { accounts, acts, log } = this.#options;
    const [event] = await log.read(MODERATION_ROOM, seq - 1, 1);
    const facts = event?.seq === seq ? readFacts(event) : undefined;
    // Acts in rooms where somebody has no say look as if they did not exist.
    if (!facts || !this.#hasSay(asker, facts.room)) throw noSuchAct(seq);
    const { act, room, changes = [] } = facts;
    if (changes.length === 0) throw notUndoable(facts);
    return await acts.carryOut({
      asker,
      room,
      act: "undo",
      needs: changes.map(({ slot }) => needOf(slot)),
      facts: { target: facts.target, undoes: seq },
      plan: (rules, now) => {
        const undone = undoing(rules, changes, now);
        for (const owner of withRole(rules, "owner")) {
          const stays = undone.next.roles.get(owner) === "owner" || owner === asker.account;
          if (!stays) requireUnprotected(asker, rules, { name: owner }, accounts);
        }
        return {
          ...undone,
          deed: `undid #${seq} (${act}${facts.target ? ` ${facts.target}` : ""}) in #${rules.name}`,
          isTold: event.fields?.isTold === true,
        };
      },
    });
  }

  #hasSay(asker: Moderator, room: string): boolean {
    const { access } = this.#options;
    return asker.isOperator === true || access.refusal(asker, room, "invite") === undefined;
  }
}

/** Takes back changes. @throws {DomainError} if they cannot be taken back. */
function undoing(rules: RoomRules, changes: readonly RuleChange[], now: number): Plan {
  let next = rules;
  const reversed: RuleChange[] = [];
  for (const change of changes) {
    const { slot, of, before } = change;
    if (slot === "key" && before !== null) {
      throw notPermitted(
        "The key that was there before is not on record. Set one again with /room key WORD.",
      );
    }
    if (JSON.stringify(valueOf(rules, slot, of)) !== JSON.stringify(change.after)) {
      throw notPermitted(
        `That has been changed again since. /room ${rules.name} shows what is in force.`,
      );
    }
    if (isRestriction(before) && before.until !== undefined && before.until <= now) {
      throw notPermitted("That cannot be undone: what it lifted would have expired by now.");
    }
    reversed.push({ ...change, before: change.after, after: before });
    next = withValue(next, slot, of ?? "", before);
  }
  return { next, changes: reversed, deed: "" };
}

function isRestriction(value: RuleValue): value is Restriction {
  return typeof value === "object" && value !== null && "by" in value;
}

function needOf(slot: RuleSlot): Act {
  switch (slot) {
    case "ban":
    case "mute":
    case "exception":
      return "moderate";
    case "invitation":
    case "welcome":
      return "invite";
    default:
      return "own";
  }
}

function noSuchAct(seq: number): DomainError {
  return new DomainError(
    "no-such-event",
    `#${seq} of #${MODERATION_ROOM} is not an act of moderation that you can undo. ` +
      "The answer to each act names its number.",
  );
}

function notUndoable({ act, target }: ModerationFacts): DomainError {
  const reasons: Partial<Record<ActName, string>> = {
    kick: `A kick needs no undoing: ${target} can simply come back.`,
    redact: "The text is gone for good, so a redaction cannot be undone.",
    rename: "Rename it back instead: /rename takes a former name, too.",
    release: "The room had too many settings to be recorded. Set them again with /room.",
  };
  return notPermitted(reasons[act] ?? "That cannot be undone.");
}
