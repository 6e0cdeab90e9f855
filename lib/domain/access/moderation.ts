/**
 * Moderation: every change of a room's rules and every act against somebody in a room, for all
 * doors. Each is one method, which says what the act takes; `moderation_acts.ts` says what it
 * changes, and `act_sequence.ts` carries it out.
 *
 * @module
 */

import { type Clock, systemClock } from "../../clock.ts";
import { DomainError } from "../domain_error.ts";
import type { Member } from "../room_stream.ts";
import type { RoomHistory } from "../room_history.ts";
import type { StateStore } from "../state_store.ts";
import type { Account } from "./account.ts";
import { addressRange } from "./address_range.ts";
import {
  ActSequence,
  type ActSequenceOptions,
  type DoneAct,
  type Moderator,
  type Order,
} from "./act_sequence.ts";
import type { Asker } from "./asker.ts";
import type { PassingRole } from "./attendance.ts";
import { expecting, givingRole, notHere, takingRoles } from "./attendance_acts.ts";
import { type Invitation, Invitations } from "./invitations.ts";
import {
  banning,
  checkReason,
  type Decision,
  excepting,
  granting,
  inviting,
  keying,
  limiting,
  muting,
  type Plan,
  registering,
  releasing,
  slowing,
  switching,
  type Target,
  unbanning,
  unexcepting,
  uninviting,
  unmuting,
  unwelcoming,
  welcoming,
} from "./moderation_acts.ts";
import type { ActName, ModerationFacts } from "./moderation_record.ts";
import { PastActs } from "./past_acts.ts";
import { type Act, MODERATION_ROOM } from "./permissions.ts";
import { type AccountDirectory, immunity, requireUnprotected } from "./protection.ts";
import { Redactions } from "./redactions.ts";
import { RoomRenames } from "./room_renames.ts";
import type { Role, RoomRules } from "./room_rules.ts";
import type { SwitchName } from "./rule_change.ts";

/** Rooms that one account may register. */
const MOST_OWNED = 100;

export interface ModerationOptions extends ActSequenceOptions {
  /** Where past acts are read, to undo them. */
  readonly log: Pick<RoomHistory, "read" | "room">;
  readonly state: StateStore;
  /** @default {there are no accounts} */
  readonly accounts?: AccountDirectory;
}

export class Moderation {
  readonly #options: ModerationOptions;
  readonly #clock: Clock;
  readonly #invitations: Invitations;
  readonly #acts: ActSequence;
  readonly #redactions: Redactions;
  readonly #pastActs: PastActs;
  readonly #renames: RoomRenames;

  constructor(options: ModerationOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#invitations = new Invitations(options.state);
    this.#acts = new ActSequence({ ...options, clock: this.#clock });
    const parts = { ...options, clock: this.#clock, acts: this.#acts };
    this.#redactions = new Redactions(parts);
    this.#pastActs = new PastActs(parts);
    this.#renames = new RoomRenames(parts);
  }

  /** As {@linkcode ActSequence.onAct}. */
  onAct(listener: (act: DoneAct) => void): () => void {
    return this.#acts.onAct(listener);
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

  /** Switches a setting of a room on or off. */
  switch(asker: Moderator, room: string, name: SwitchName, isOn: boolean): Promise<DoneAct> {
    const plan = (rules: RoomRules) => switching(rules, name, isOn);
    return this.#acts.carryOut({ asker, room, act: name, needs: ["own"], plan });
  }

  /** Sets the word that newcomers must give. @param key `undefined` for none. */
  setKey(asker: Moderator, room: string, key: string | undefined): Promise<DoneAct> {
    const plan = (rules: RoomRules) => keying(rules, key);
    return this.#acts.carryOut({ asker, room, act: "key", needs: ["own"], plan });
  }

  /** Sets how many people may be in a room. @param limit `undefined` for any number. */
  setLimit(asker: Moderator, room: string, limit: number | undefined): Promise<DoneAct> {
    const plan = (rules: RoomRules) => limiting(rules, limit);
    return this.#acts.carryOut({ asker, room, act: "limit", needs: ["own"], plan });
  }

  /** Sets the time between two messages of one person. @param seconds 0 for none. */
  setSlowMode(asker: Moderator, room: string, seconds: number): Promise<DoneAct> {
    const plan = (rules: RoomRules) => slowing(rules, seconds);
    return this.#acts.carryOut({ asker, room, act: "slow", needs: ["own"], plan });
  }

  /** Gives an account a role in a room. @param role `undefined` for none. */
  grant(
    asker: Moderator,
    room: string,
    account: Pick<Account, "key" | "name" | "isOperator">,
    role: Role | undefined,
  ): Promise<DoneAct> {
    return this.#acts.carryOut({
      asker,
      room,
      act: "grant",
      needs: ["own"],
      facts: { target: account.name },
      plan: (rules) => {
        if (rules.roles.get(account.key) === "owner" && account.key !== asker.account) {
          this.#protect(asker, rules, { name: account.key });
        }
        return granting(rules, account, role);
      },
    });
  }

  /** Gives somebody who is in a room a role there until they leave. */
  giveRole(asker: Moderator, room: string, member: Asker, role: PassingRole): Promise<DoneAct> {
    const needs: Act[] = [role === "voice" ? "moderate" : "own"];
    return this.#acts.carryOut({
      asker,
      room,
      act: "grant",
      needs,
      facts: { target: member.nickname },
      plan: (rules) => {
        if (!this.#isIn(room, member)) throw notHere(rules, member);
        return givingRole(rules, member, role);
      },
    });
  }

  /** Takes roles that somebody has until they leave a room. */
  takeRoles(
    asker: Moderator,
    room: string,
    member: Asker,
    roles: readonly PassingRole[],
  ): Promise<DoneAct> {
    const needs: Act[] = [roles.includes("moderator") ? "own" : "moderate"];
    const plan = (rules: RoomRules) => takingRoles(rules, member, roles);
    const facts = { target: member.nickname };
    return this.#acts.carryOut({ asker, room, act: "grant", needs, facts, plan });
  }

  /** Lets somebody who is here come into a room once, whatever the rules. */
  expect(asker: Moderator, room: string, guest: Asker): Promise<DoneAct> {
    const plan = (rules: RoomRules) => expecting(rules, guest);
    const facts = { target: guest.nickname };
    return this.#acts.carryOut({ asker, room, act: "invite", needs: ["invite"], facts, plan });
  }

  /** Keeps somebody out of a room, and puts them out if they are in it. */
  ban(asker: Moderator, room: string, decision: Omit<Decision, "by">): Promise<DoneAct> {
    return this.#restrict("ban", asker, room, decision);
  }

  /** Keeps somebody from speaking in a room. */
  mute(asker: Moderator, room: string, decision: Omit<Decision, "by">): Promise<DoneAct> {
    return this.#restrict("mute", asker, room, decision);
  }

  unban(asker: Moderator, room: string, target: Target): Promise<DoneAct> {
    const plan = (rules: RoomRules, now: number) => unbanning(rules, target, now);
    return this.#against("unban", asker, room, target, plan);
  }

  unmute(asker: Moderator, room: string, target: Target): Promise<DoneAct> {
    const plan = (rules: RoomRules, now: number) => unmuting(rules, target, now);
    return this.#against("unmute", asker, room, target, plan);
  }

  /** Makes bans concern somebody no more. */
  except(asker: Moderator, room: string, target: Target): Promise<DoneAct> {
    return this.#against("except", asker, room, target, (rules) => excepting(rules, target));
  }

  /** Makes bans concern somebody again. */
  unexcept(asker: Moderator, room: string, target: Target): Promise<DoneAct> {
    return this.#against("unexcept", asker, room, target, (rules) => unexcepting(rules, target));
  }

  /** Lets everybody enter a private room whom a target fits. */
  welcome(asker: Moderator, room: string, target: Target): Promise<DoneAct> {
    const plan = (rules: RoomRules) => welcoming(rules, target);
    const facts = { target: target.name };
    return this.#acts.carryOut({ asker, room, act: "invite", needs: ["invite"], facts, plan });
  }

  unwelcome(asker: Moderator, room: string, target: Target): Promise<DoneAct> {
    const plan = (rules: RoomRules) => unwelcoming(rules, target);
    const facts = { target: target.name };
    return this.#acts.carryOut({ asker, room, act: "uninvite", needs: ["invite"], facts, plan });
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
      settings: isPresent ? [] : [this.#invitations.setting(key, room, invitation)],
      plan: (rules) => inviting(rules, account),
    });
    if (!isPresent) await this.#invitations.note(key, room, invitation);
    return done;
  }

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
      settings: [this.#invitations.setting(key, room, null)],
      plan: (rules) => uninviting(rules, account),
    });
    await this.#invitations.note(key, room, null);
    return done;
  }

  /** Invitations that an account has not been told of; it is expected to be told of them now. */
  async takeInvitations(account: string): Promise<readonly Invitation[]> {
    const invitations = await this.#invitations.take(account);
    return invitations.filter(({ room }) => {
      const rules = this.#options.access.rules(room);
      return rules?.invited.has(account) || rules?.roles.has(account);
    });
  }

  /** Sends somebody out of a room, who may come back. Those who listen have to see to it. */
  kick(asker: Moderator, room: string, target: Target, reason: string): Promise<DoneAct> {
    const deed = `kicked ${target.name} from #${room}${reason && ` (${reason})`}`;
    const plan = (rules: RoomRules): Plan => {
      checkReason(reason);
      this.#protect(asker, rules, target);
      return { next: rules, changes: [], deed };
    };
    return this.#against("kick", asker, room, target, plan, { reason });
  }

  /** Records that an operator of the server ends somebody's connection. The door has to do it. */
  disconnect(asker: Moderator, name: string, reason: string): Promise<DoneAct> {
    if (!asker.isOperator) {
      throw new DomainError("not-permitted", "Only operators of the server can do that.");
    }
    checkReason(reason);
    const deed = `disconnected ${name} from the server${reason && ` (${reason})`}`;
    const plan = (rules: RoomRules): Plan => ({ next: rules, changes: [], deed });
    const facts = { target: name, reason };
    return this.#acts.carryOut({
      asker,
      room: MODERATION_ROOM,
      act: "kill",
      needs: [],
      facts,
      plan,
    });
  }

  /**
   * Replaces the text of an event by a tombstone: for those who keep order in a room, and for who
   * said it. That cannot be taken back.
   */
  redact(asker: Moderator, room: string, seq: number, reason: string): Promise<DoneAct> {
    return this.#redactions.redact(asker, room, seq, reason);
  }

  /**
   * Renames a room: everybody moves to a new room. See `room_renames.ts`.
   *
   * @param to As `parseRoomName` returns it.
   * @throws {DomainError} `name-in-use` if another room has or had that name; `not-permitted` if
   * the asker may not rename the room, or it cannot be renamed to that.
   */
  rename(asker: Moderator, room: string, to: string, reason = ""): Promise<DoneAct> {
    return this.#renames.rename(asker, room, to, reason);
  }

  /** Takes back the act with a number in #moderation. */
  undo(asker: Moderator, seq: number): Promise<DoneAct> {
    return this.#pastActs.undo(asker, seq);
  }

  /** The time, milliseconds since 1970. */
  now(): number {
    return this.#clock.now();
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
      this.#protect(asker, rules, target);
      const unharmed = immunity(act, rules, target, this.#options.accounts);
      if (unharmed) throw unharmed;
      if (addressRange(target.name)?.isWhole) {
        throw new DomainError(
          "not-permitted",
          `${target.name} is everybody. /room private on lets in invited people only.`,
        );
      }
      return act === "ban" ? banning(rules, full, now) : muting(rules, full, now);
    };
    const time = until === undefined ? {} : { until: new Date(until).toISOString() };
    return this.#against(act, asker, room, target, plan, { reason, ...time });
  }

  #against(
    act: ActName,
    asker: Moderator,
    room: string,
    { name, also }: Target,
    plan: Order["plan"],
    facts: Pick<ModerationFacts, "reason" | "until"> = {},
  ): Promise<DoneAct> {
    const needs: Act[] = ["moderate"];
    return this.#acts.carryOut({
      asker,
      room,
      act,
      needs,
      facts: { target: name, also, ...facts },
      plan,
    });
  }

  /** @throws {DomainError} if the asker must not act against somebody. */
  #protect(asker: Moderator, rules: RoomRules, target: Target): void {
    requireUnprotected(asker, rules, target, this.#options.accounts);
  }

  #isIn(room: string, member: Asker): boolean {
    return this.#options.registry.find(room)?.members.has(member as Member) ?? false;
  }

  #checkOwned({ account, isOperator }: Moderator): void {
    if (isOperator) return;
    let count = 0;
    for (const { roles } of this.#options.access.all) {
      if (roles.get(account!) === "owner") count++;
    }
    if (count < MOST_OWNED) return;
    throw new DomainError(
      "not-permitted",
      `You own ${MOST_OWNED} rooms, which is the limit. Give one up with /room release first.`,
    );
  }
}
