/**
 * Invites people to a room: an account, everybody whom a target fits, or somebody who is here, once.
 *
 * @module
 */

import type { Asker } from "../../asker.ts";
import type { StateStore } from "../../state_store.ts";
import type { AccessControl } from "../access_control.ts";
import type { Account } from "../accounts/account.ts";
import { notPermitted } from "../refusal.ts";
import { targetKey } from "../rules/restrictions.ts";
import type { RoomRules } from "../rules/room_rules.ts";
import { valueOf } from "../rules/rule_change.ts";
import type { ActSequence } from "./act_sequence.ts";
import { expecting } from "./attendance_acts.ts";
import type { DoneAct, Moderator, Plan, Target } from "./moderation_act.ts";
import { changing, usualForm } from "./plan_changes.ts";
import { type Invitation, WaitingInvitations } from "./waiting_invitations.ts";

export interface RoomInvitationsOptions {
  readonly access: AccessControl;
  readonly acts: ActSequence;
  readonly state: StateStore;
}

export class RoomInvitations {
  readonly #access: AccessControl;
  readonly #acts: ActSequence;
  /** For people who are away. */
  readonly #waiting: WaitingInvitations;

  constructor({ access, acts, state }: RoomInvitationsOptions) {
    this.#access = access;
    this.#acts = acts;
    this.#waiting = new WaitingInvitations(state);
  }

  /**
   * Lets an account enter a room although it is private or has a key.
   *
   * @param isPresent Whether the person is told at once; else they are told when they come back.
   */
  async invite(
    asker: Moderator,
    room: string,
    account: Pick<Account, "key" | "name">,
    isPresent: boolean,
  ): Promise<DoneAct> {
    const { key } = account;
    const invitation = { room, by: asker.nickname };
    const done = await this.#acts.carryOut({
      asker,
      room,
      act: "invite",
      needs: ["invite"],
      facts: { target: account.name },
      settings: isPresent ? [] : [this.#waiting.setting(key, room, invitation)],
      plan: (rules) => inviting(rules, account),
    });
    if (!isPresent) await this.#waiting.note(key, room, invitation);
    return done;
  }

  /** Takes the invitation of an account back. */
  async uninvite(
    asker: Moderator,
    room: string,
    account: Pick<Account, "key" | "name">,
  ): Promise<DoneAct> {
    const { key } = account;
    const done = await this.#acts.carryOut({
      asker,
      room,
      act: "uninvite",
      needs: ["invite"],
      facts: { target: account.name },
      settings: [this.#waiting.setting(key, room, null)],
      plan: (rules) => uninviting(rules, account),
    });
    await this.#waiting.note(key, room, null);
    return done;
  }

  /** Invitations that an account has not been told of; it is expected to be told of them now. */
  async take(account: string): Promise<readonly Invitation[]> {
    const invitations = await this.#waiting.take(account);
    return invitations.filter(({ room }) => {
      const rules = this.#access.rules(room);
      return rules?.invited.has(account) || rules?.roles.has(account);
    });
  }

  /** Lets everybody enter a private room whom a target fits. */
  welcome(asker: Moderator, room: string, target: Target): Promise<DoneAct> {
    const plan = (rules: RoomRules) => welcoming(rules, target);
    const facts = { target: target.name };
    return this.#acts.carryOut({ asker, room, act: "invite", needs: ["invite"], facts, plan });
  }

  /** Ends what {@linkcode welcome} has allowed. */
  unwelcome(asker: Moderator, room: string, target: Target): Promise<DoneAct> {
    const plan = (rules: RoomRules) => unwelcoming(rules, target);
    const facts = { target: target.name };
    return this.#acts.carryOut({ asker, room, act: "uninvite", needs: ["invite"], facts, plan });
  }

  /** Lets somebody who is here come into a room once, whatever the rules. */
  expect(asker: Moderator, room: string, guest: Asker): Promise<DoneAct> {
    const plan = (rules: RoomRules) => expecting(rules, guest);
    const facts = { target: guest.nickname };
    return this.#acts.carryOut({ asker, room, act: "invite", needs: ["invite"], facts, plan });
  }
}

function inviting(rules: RoomRules, { key, name }: Pick<Account, "key" | "name">): Plan {
  if (rules.invited.has(key)) throw notPermitted(`${name} is already invited to #${rules.name}.`);
  if (rules.roles.has(key)) {
    throw notPermitted(`${name} has a role in #${rules.name} and needs no invitation.`);
  }
  return { ...changing(rules, "invitation", key, true), deed: `invited ${name} to #${rules.name}` };
}

function uninviting(rules: RoomRules, { key, name }: Pick<Account, "key" | "name">): Plan {
  if (!rules.invited.has(key)) {
    const hint = rules.roles.has(key)
      ? ` They have a role: /grant ${name} none takes it away.`
      : "";
    throw notPermitted(`${name} has no invitation to #${rules.name}.${hint}`);
  }
  const plan = changing(rules, "invitation", key, null);
  return { ...plan, deed: `took back the invitation of ${name} to #${rules.name}` };
}

/** Lets everybody in whom a target fits, although the room is private. */
function welcoming(rules: RoomRules, { name }: Target): Plan {
  const key = targetKey(name);
  if (valueOf(rules, "welcome", key) !== null) {
    throw notPermitted(`${name} may already enter #${rules.name}.`);
  }
  const plan = changing(rules, "welcome", key, usualForm(name));
  return { ...plan, deed: `invited ${name} to #${rules.name}` };
}

function unwelcoming(rules: RoomRules, { name }: Target): Plan {
  const key = targetKey(name);
  if (valueOf(rules, "welcome", key) === null) {
    throw notPermitted(`${name} has no invitation to #${rules.name}. /room lists them.`);
  }
  const plan = changing(rules, "welcome", key, null);
  return { ...plan, deed: `took back the invitation of ${name} to #${rules.name}` };
}
