/**
 * Moderation: every change of a room's rules and every act against somebody in a room, for all
 * doors. Each act asks whether it is permitted, is recorded as one event in #moderation together
 * with the rules that it leads to, and is in force once that is on disk: done and recorded, or
 * neither. Acts are carried out one after the other, so none undoes another by accident.
 *
 * @module
 */

import { type Clock, systemClock } from "../../clock.ts";
import { log } from "../../log.ts";
import { DomainError } from "../domain_error.ts";
import { whyRefused } from "../log_error.ts";
import { nameKey } from "../name.ts";
import { isRedactable, redactionDraft, tombstoneOf } from "../redaction.ts";
import type { Draft, RoomEvent } from "../room_event.ts";
import type { RoomHistory } from "../room_history.ts";
import type { RoomRegistry } from "../room_registry.ts";
import type { Member } from "../room_stream.ts";
import type { StateSetting, StateStore } from "../state_store.ts";
import type { AccessControl } from "./access_control.ts";
import type { Account } from "./account.ts";
import type { Asker } from "./asker.ts";
import { type Invitation, Invitations } from "./invitations.ts";
import {
  banning,
  checkReason,
  checkRules,
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
  undoing,
  unexcepting,
  uninviting,
  unmuting,
} from "./moderation_acts.ts";
import { type ActName, type ModerationFacts, readFacts } from "./moderation_record.ts";
import { type Act, MODERATION_ROOM } from "./permissions.ts";
import { type AccountDirectory, immunity, protection } from "./protection.ts";
import { addressRange } from "./restrictions.ts";
import { areOpen, openRules, type Role, type RoomRules } from "./room_rules.ts";
import type { RuleSlot, SwitchName } from "./rule_change.ts";

/** Rooms that one account may register. */
const MOST_OWNED = 100;

/** Who acts: a person at any door, or the operator on the machine. */
export interface Moderator extends Asker {
  /** How they are connected, e.g. `telnet`. */
  readonly via?: string;
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
}

export interface ModerationOptions {
  readonly access: AccessControl;
  readonly registry: RoomRegistry;
  /** Where past acts are read, to undo them. */
  readonly log: Pick<RoomHistory, "read">;
  readonly state: StateStore;
  /** @default {there are no accounts} */
  readonly accounts?: AccountDirectory;
  /** @default {systemClock} */
  readonly clock?: Clock;
}

/** An act to be carried out. */
interface Order {
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
  /** What becomes of the rules. Throws if the act makes no sense. */
  plan(rules: RoomRules, now: number): Plan;
}

export class Moderation {
  readonly #options: ModerationOptions;
  readonly #clock: Clock;
  readonly #invitations: Invitations;
  readonly #listeners = new Set<(act: DoneAct) => void>();
  /** Settles when all acts so far are done or have failed. */
  #last: Promise<unknown> = Promise.resolve();
  /** Below all origins of sessions, which are positive. */
  #lastOrigin: number;

  constructor(options: ModerationOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#invitations = new Invitations(options.state);
    this.#lastOrigin = -this.#clock.now() * 1000;
  }

  /**
   * Calls `listener` with each act once it is on record, before its rules are in force, until the
   * function returned is called.
   */
  onAct(listener: (act: DoneAct) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Makes the asker the owner of a room that has none. */
  register(asker: Moderator, room: string): Promise<DoneAct> {
    return this.#carryOut({
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
    return this.#carryOut({ asker, room, act: "release", needs: ["own"], plan });
  }

  /** Switches a setting of a room on or off. */
  switch(asker: Moderator, room: string, name: SwitchName, isOn: boolean): Promise<DoneAct> {
    const plan = (rules: RoomRules) => switching(rules, name, isOn);
    return this.#carryOut({ asker, room, act: name, needs: ["own"], plan });
  }

  /** Sets the word that newcomers must give. @param key `undefined` for none. */
  setKey(asker: Moderator, room: string, key: string | undefined): Promise<DoneAct> {
    const plan = (rules: RoomRules) => keying(rules, key);
    return this.#carryOut({ asker, room, act: "key", needs: ["own"], plan });
  }

  /** Sets how many people may be in a room. @param limit `undefined` for any number. */
  setLimit(asker: Moderator, room: string, limit: number | undefined): Promise<DoneAct> {
    const plan = (rules: RoomRules) => limiting(rules, limit);
    return this.#carryOut({ asker, room, act: "limit", needs: ["own"], plan });
  }

  /** Sets the time between two messages of one person. @param seconds 0 for none. */
  setSlowMode(asker: Moderator, room: string, seconds: number): Promise<DoneAct> {
    const plan = (rules: RoomRules) => slowing(rules, seconds);
    return this.#carryOut({ asker, room, act: "slow", needs: ["own"], plan });
  }

  /** Gives an account a role in a room. @param role `undefined` for none. */
  grant(
    asker: Moderator,
    room: string,
    account: Pick<Account, "key" | "name" | "isOperator">,
    role: Role | undefined,
  ): Promise<DoneAct> {
    return this.#carryOut({
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

  /** Keeps somebody out of a room. Whoever is in it has to leave. */
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
    const done = await this.#carryOut({
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
    const done = await this.#carryOut({
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

  /** Replaces the text of an event by a tombstone. That cannot be taken back. */
  async redact(asker: Moderator, room: string, seq: number, reason: string): Promise<DoneAct> {
    const { access, log } = this.#options;
    access.require(asker, room, "moderate");
    const [event] = await log.read(room, seq - 1, 1);
    const refusal = whyNotRedacted(event, room, seq);
    if (refusal) throw refusal;
    const { from, kind } = event;
    const whose = kind === "log" ? `#${seq}` : `#${seq} by ${from}`;
    const deed = `redacted ${whose} in #${room}${reason && ` (${reason})`}`;
    return await this.#carryOut({
      asker,
      room,
      act: "redact",
      needs: ["moderate"],
      facts: { target: from, of: String(seq), reason },
      drafts: [redactionDraft({ room, from: asker.nickname, of: seq, why: reason })],
      plan: (rules) => {
        checkReason(reason);
        const isOwn = nameKey(from) === (asker.account ?? nameKey(asker.nickname));
        if (!isOwn && kind !== "log") this.#protect(asker, rules, { name: from });
        return { next: rules, changes: [], deed };
      },
    });
  }

  /** Takes back the act with a number in #moderation. */
  async undo(asker: Moderator, seq: number): Promise<DoneAct> {
    const [event] = await this.#options.log.read(MODERATION_ROOM, seq - 1, 1);
    const facts = event?.seq === seq ? readFacts(event) : undefined;
    // Numbers of rooms that somebody has no say in look like numbers that there are not.
    if (!facts || !this.#hasSay(asker, facts.room)) throw noSuchAct(seq);
    const { act, room, changes = [] } = facts;
    if (changes.length === 0) throw notUndoable(facts);
    return await this.#carryOut({
      asker,
      room,
      act: "undo",
      needs: changes.map(({ slot }) => needOf(slot)),
      facts: { target: facts.target, undoes: seq },
      plan: (rules, now) => ({
        ...undoing(rules, changes, now),
        deed: `undid #${seq} (${act}${facts.target ? ` ${facts.target}` : ""}) in #${rules.name}`,
        isTold: event.fields?.isTold === true,
      }),
    });
  }

  /** The time, milliseconds since 1970. */
  now(): number {
    return this.#clock.now();
  }

  /** Resolves once all acts so far are done or have failed. */
  async settled(): Promise<void> {
    await this.#last;
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
      const unharmed = immunity(rules, target, this.#options.accounts);
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
    return this.#carryOut({
      asker,
      room,
      act,
      needs,
      facts: { target: name, also, ...facts },
      plan,
    });
  }

  async #carryOut(order: Order): Promise<DoneAct> {
    // At once, too: whoever may not do it need not wait.
    this.#require(order);
    const done = this.#last.then(() => this.#carryOutNow(order));
    this.#last = done.catch(() => {});
    return await done;
  }

  async #carryOutNow(order: Order): Promise<DoneAct> {
    const { access, registry } = this.#options;
    const { asker, act, facts, drafts = [], settings = [] } = order;
    this.#require(order);
    const rules = access.rules(order.room) ?? openRules(order.room);
    const { next, changes, deed, isTold = false } = order.plan(rules, this.#clock.now());
    checkRules(rules, next);
    const state = [...settings];
    if (next !== rules) state.push(access.setting(next.name, areOpen(next) ? undefined : next));
    const record: ModerationFacts = { act, room: rules.name, by: asker.account, ...facts, changes };
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
      stored.push({ ...common, room: rules.name, kind: "notice", body: told });
    }
    const event = await store(registry, stored);
    const by = asker.nickname;
    const canBeUndone = changes.length > 0;
    const done = { seq: event.seq, by, facts: record, deed, canBeUndone, isTold };
    this.#tell(done);
    access.apply(state);
    return done;
  }

  #require({ asker, room, needs }: Order): void {
    const { access, registry } = this.#options;
    const members = registry.find(room)?.members;
    const isMember = members?.has(asker as Member);
    for (const act of needs) access.require(asker, room, act, { isMember, members: members?.size });
  }

  /** @throws {DomainError} if the asker must not act against somebody. */
  #protect(asker: Moderator, rules: RoomRules, target: Target): void {
    const refusal = protection(asker, rules, target, this.#options.accounts);
    if (refusal) throw refusal;
  }

  #checkOwned({ account, isOperator }: Moderator): void {
    if (isOperator) return;
    let count = 0;
    for (const { roles } of this.#options.access.registered) {
      if (roles.get(account!) === "owner") count++;
    }
    if (count < MOST_OWNED) return;
    throw new DomainError(
      "not-permitted",
      `You own ${MOST_OWNED} rooms, which is the limit. Give one up with /room release first.`,
    );
  }

  #hasSay(asker: Moderator, room: string): boolean {
    const { access } = this.#options;
    return asker.isOperator === true || access.refusal(asker, room, "invite") === undefined;
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

/** Stores the drafts of an act together; returns the event in #moderation. */
async function store(registry: RoomRegistry, drafts: readonly Draft[]): Promise<RoomEvent> {
  try {
    const events = await registry.postUnasked(drafts);
    return events.find(({ kind }) => kind === "moderation")!;
  } catch (error) {
    throw new DomainError(
      "unavailable",
      `Nothing was changed, because it could not be stored. The server's ${whyRefused(error)}; ` +
        "try again later.",
    );
  }
}

/** Why an event cannot be redacted; `undefined` if it can. */
function whyNotRedacted(
  event: RoomEvent | undefined,
  room: string,
  seq: number,
): DomainError | undefined {
  if (event?.seq !== seq) {
    return new DomainError("no-such-event", `#${room} has no #${seq}. /history shows the numbers.`);
  }
  if (tombstoneOf(event)) {
    return new DomainError("not-permitted", `#${seq} of #${room} has been redacted already.`);
  }
  return isRedactable(event.kind)
    ? undefined
    : new DomainError("not-permitted", `#${seq} of #${room} has no text that could be redacted.`);
}

function needOf(slot: RuleSlot): Act {
  switch (slot) {
    case "ban":
    case "mute":
    case "exception":
      return "moderate";
    case "invitation":
      return "invite";
    default:
      return "own";
  }
}

function whoIs({ nickname, account }: Asker): string {
  return account === undefined || account === nameKey(nickname)
    ? nickname
    : `${nickname} (account ${account})`;
}

function noSuchAct(seq: number): DomainError {
  return new DomainError(
    "no-such-event",
    `#${seq} of #${MODERATION_ROOM} is no act of moderation that you could undo. ` +
      "The answer to each act names its number.",
  );
}

function notUndoable({ act, target }: ModerationFacts): DomainError {
  const reasons: Partial<Record<ActName, string>> = {
    kick: `${target} may come back by themselves: a kick has nothing to undo.`,
    redact: "The text is gone for good, so a redaction cannot be undone.",
    release: "The room had too many settings to be recorded. Set them again with /room.",
  };
  return new DomainError("not-permitted", reasons[act] ?? "That cannot be undone.");
}

/** Without properties that are undefined, as JSON has it. */
function compact(facts: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}
