/**
 * The people of all nodes of a cluster: has those of the other nodes among the people here, and
 * claims names for those who are connected here, so that each name is one person's everywhere.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import { SharedAttendance } from "../../../domain/access/shared_attendance.ts";
import type { Courier } from "../../../domain/courier.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import { nameKey } from "../../../domain/name.ts";
import {
  CLUSTER_NAME_STATE,
  CLUSTER_PERSON_STATE,
  parseVisitor,
  type VisitRecord,
} from "../../../domain/visitor.ts";
import { loadAndFollow, type StateSetting, type StateStore } from "../../../domain/state_store.ts";
import { log } from "../../../log.ts";
import type { ChatContext, ChatSession } from "../chat_session.ts";
import type { TagNotice } from "../screen.ts";
import { takeAlternative } from "../log_in.ts";
import type { PersonChange } from "../presence.ts";
import { Errands } from "./errands.ts";
import type { NameClaims } from "./name_claims.ts";
import { factsOf, parseFacts, type PersonFacts } from "./person_facts.ts";
import { RemotePerson } from "./remote_person.ts";

export interface ClusterPeopleOptions {
  readonly chat: ChatContext;
  /** The name of this node. */
  readonly node: string;
  readonly state: StateStore;
  readonly courier: Courier;
  /**
   * Changes state at all nodes, if it still is what it was.
   *
   * @returns Whether it was.
   */
  submitChange(change: StateSetting & { readonly was: string | null }): Promise<boolean>;
  /** Whether what this node wants gets to the others. @default {always} */
  isReached?(): boolean;
  /** Calls `listener` whenever that changes. */
  onReach?(listener: (isReached: boolean) => void): void;
}

/** Announces tags that somebody has sent to a room. */
const TAGS = "tags";
/** Members looked at before others have a turn. */
const LOOKED_AT_ONCE = 500;

/** Changes that the other nodes are told of. */
const PUBLISHED: ReadonlySet<PersonChange> = new Set<PersonChange>([
  ...["away", "account", "modes", "details"] as const,
]);

/** A name of somebody who is connected here, and the facts that are stored with it. */
interface Claim {
  readonly name: string;
  value: string;
}

export class ClusterPeople implements NameClaims<ChatSession> {
  readonly #options: ClusterPeopleOptions;
  readonly #errands: Errands;
  /** People of other nodes by origin, and the names that they have there, by key. */
  readonly #remote = new Map<number, RemotePerson>();
  readonly #names = new Map<string, PersonFacts>();
  readonly #accounts = new Map<string, Set<RemotePerson>>();
  /**
   * Rooms of those whose names are not known: a node that was taken for gone may let people in
   * again before it has their names again.
   */
  readonly #nameless = new Map<number, readonly VisitRecord[]>();
  /** People of this node by origin, and their claims. */
  readonly #local = new Map<number, ChatSession>();
  readonly #claims = new Map<ChatSession, Claim>();
  /** Those whose names the other nodes have taken back. */
  readonly #lost = new Set<ChatSession>();
  /** End the wait of those who claim a name. */
  readonly #waiting = new Set<(reason: Error) => void>();

  private constructor(options: ClusterPeopleOptions) {
    const { chat, courier } = this.#options = options;
    this.#errands = new Errands({
      courier,
      local: (origin) => this.#local.get(origin),
      remote: (origin) => this.#remote.get(origin),
    });
    chat.presence.onChange((person, change) => {
      if (PUBLISHED.has(change)) this.#publish(person);
    });
    courier.onAnnounced(TAGS, (text) => {
      this.#hearTags(JSON.parse(text)).catch((error) => {
        log("cluster").error("Cannot pass on tags: {error}", { error });
      });
    });
    options.onReach?.((isReached) => {
      for (const refuse of isReached ? [] : this.#waiting) refuse(cutOff());
    });
    chat.claims = this;
  }

  /** Brings in those who are at other nodes already. */
  static async open(options: ClusterPeopleOptions): Promise<ClusterPeople> {
    const people = new ClusterPeople(options);
    const { state } = options;
    await loadAndFollow(state, CLUSTER_NAME_STATE, (key, value) => people.#noteName(key, value));
    let isPast = true;
    await loadAndFollow(state, CLUSTER_PERSON_STATE, (key, value) => {
      people.#noteRooms(Number(key), value, isPast);
    });
    isPast = false;
    const { access } = options.chat;
    access.shared = await SharedAttendance.open({
      access,
      state,
      find: (origin) => people.#remote.get(origin) ?? people.#local.get(origin),
    });
    return people;
  }

  async claim(
    person: ChatSession,
    name: string,
    take: (name: string) => void,
  ): Promise<void> {
    const key = nameKey(name);
    const before = this.#claims.get(person);
    const isSame = before !== undefined && nameKey(before.name) === key;
    const claim = { name, value: this.#factsOf(person, name) };
    if (!await this.#agree(key, isSame ? before.value : null, claim.value)) {
      throw new DomainError(
        "name-in-use",
        `The name ${name} is in use, or looks like one that is. ` +
          `Try ${this.#options.chat.people.alternative(name)}.`,
      );
    }
    try {
      if (person.hasDeparted) throw new DomainError("no-such-person", `${name} has left.`);
      take(name);
    } catch (error) {
      if (!isSame) void this.#change(key, claim.value, null);
      else before.value = claim.value;
      throw error;
    }
    this.#local.set(person.origin, person);
    this.#claims.set(person, claim);
    if (before && !isSame) void this.#change(nameKey(before.name), before.value, null);
    // What has changed while all nodes agreed.
    this.#publish(person);
  }

  get connected(): number {
    return this.#local.size;
  }

  release(person: ChatSession): void {
    const claim = this.#claims.get(person);
    this.#local.delete(person.origin);
    this.#claims.delete(person);
    if (claim) void this.#change(nameKey(claim.name), claim.value, null);
  }

  announceTags(notice: TagNotice): void {
    this.#options.courier.announce(TAGS, JSON.stringify(notice));
  }

  /** Passes on what somebody at another node has sent to a room, in small steps. */
  async #hearTags(notice: TagNotice): Promise<void> {
    const { people } = this.#options.chat;
    const members = people.find(notice.from)?.findRoom(notice.room ?? "")?.members ?? [];
    let looked = 0;
    for (const { origin } of members) {
      if (++looked % LOOKED_AT_ONCE === 0) await setImmediate();
      this.#local.get(origin)?.screen.showTags?.(notice);
    }
  }

  withAccount(key: string): Iterable<ChatSession> {
    return this.#accounts.get(key) ?? [];
  }

  /** Stores the facts of somebody who is connected here, if they have changed. */
  #publish(person: ChatSession): void {
    const claim = this.#claims.get(person);
    if (!claim) return;
    const { name, value: before } = claim;
    claim.value = this.#factsOf(person, name);
    if (claim.value !== before) void this.#change(nameKey(name), before, claim.value);
  }

  #factsOf(person: ChatSession, name: string): string {
    return JSON.stringify(factsOf(person, this.#options.node, name));
  }

  /** As {@linkcode #change}, unless the others cannot be reached: nobody should wait for that. */
  async #agree(key: string, was: string | null, value: string): Promise<boolean> {
    const { isReached = () => true } = this.#options;
    if (!isReached()) throw cutOff();
    const change = this.#change(key, was, value);
    const refusal = Promise.withResolvers<never>();
    this.#waiting.add(refusal.reject);
    try {
      return await Promise.race([change, refusal.promise]);
    } catch (error) {
      // It may still be made, once the others are reached again.
      change.then((isMade) => isMade && this.#change(key, value, was), () => {});
      throw error;
    } finally {
      this.#waiting.delete(refusal.reject);
    }
  }

  async #change(key: string, was: string | null, value: string | null): Promise<boolean> {
    return await this.#options.submitChange({ service: CLUSTER_NAME_STATE, key, was, value });
  }

  /** Takes a name that another node has claimed, changed or given up. */
  #noteName(key: string, value: string | null): void {
    if (value === null) {
      const facts = this.#names.get(key);
      if (facts) this.#forgetName(key, facts);
      else this.#noteLoss(key);
      return;
    }
    const facts = parseFacts(value);
    const { chat, node } = this.#options;
    if (facts.node === node) return;
    this.#names.set(key, facts);
    const person = this.#remote.get(facts.origin);
    if (!person) {
      const run = this.#errands.run.bind(this.#errands);
      const person = new RemotePerson({ chat, facts, run });
      person.names.set(key, facts);
      this.#remote.set(facts.origin, person);
      this.#index(person, undefined);
      person.enterAll(this.#nameless.get(facts.origin) ?? [], true);
      this.#nameless.delete(facts.origin);
      chat.people.place(facts.name, person);
      chat.presence.tell(person, "here", "");
      return;
    }
    person.names.set(key, facts);
    chat.people.place(facts.name, person);
    // Another name is theirs once they have given up this one.
    if (nameKey(person.nickname) === key) this.#update(person, facts);
  }

  #update(person: RemotePerson, facts: PersonFacts): void {
    const { account } = person.member;
    person.update(facts);
    this.#index(person, account);
  }

  /** @param before The account that the person was logged in to. */
  #index(person: RemotePerson, before: string | undefined): void {
    const account = person.hasDeparted ? undefined : person.member.account;
    if (account === before) return;
    if (before !== undefined) {
      const others = this.#accounts.get(before);
      others?.delete(person);
      if (others?.size === 0) this.#accounts.delete(before);
    }
    if (account === undefined) return;
    const all = this.#accounts.get(account) ?? new Set();
    this.#accounts.set(account, all.add(person));
  }

  #forgetName(key: string, { name, origin }: PersonFacts): void {
    const { chat: { people } } = this.#options;
    this.#names.delete(key);
    const person = this.#remote.get(origin)!;
    person.names.delete(key);
    if (people.find(name) === person) people.release(name);
    if (nameKey(person.nickname) !== key) return;
    const [other] = person.names.values();
    if (other) return this.#update(person, other);
    const { account } = person.member;
    person.end();
    this.#index(person, account);
    this.#forgetIfGone(person);
  }

  #noteRooms(origin: number, value: string | null, isPast: boolean): void {
    const person = this.#remote.get(origin);
    const visitor = value === null ? undefined : parseVisitor(value);
    if (person) {
      person.enterAll(visitor?.rooms ?? [], isPast);
      this.#forgetIfGone(person);
    } else if (!visitor) this.#nameless.delete(origin);
    else if (visitor.node !== this.#options.node) this.#nameless.set(origin, visitor.rooms);
  }

  #forgetIfGone(person: RemotePerson): void {
    if (person.hasDeparted && person.rooms.length === 0) this.#remote.delete(person.origin);
  }

  /** The other nodes have taken this one for gone, and all its people with it. */
  #noteLoss(key: string): void {
    const { chat } = this.#options;
    const person = chat.people.find(key);
    const claim = person && this.#claims.get(person);
    if (!claim || nameKey(claim.name) !== key) return;
    if (this.#lost.size === 0) queueMicrotask(() => this.#comeBack());
    this.#lost.add(person);
  }

  #comeBack(): void {
    const lost = [...this.#lost];
    this.#lost.clear();
    for (const person of lost) {
      this.#reclaim(person).catch((error) => {
        log("cluster").error("Cannot bring {name} back: {error}", { name: person.nickname, error });
      });
    }
  }

  /** Claims somebody's name again, and lets them enter their rooms again. */
  async #reclaim(person: ChatSession): Promise<void> {
    const { chat: { registry, people } } = this.#options;
    const { name } = this.#claims.get(person)!;
    const key = nameKey(name);
    const claim = { name, value: this.#factsOf(person, name) };
    this.#claims.set(person, claim);
    const isTheirs = await this.#change(key, null, claim.value);
    if (person.hasDeparted) return;
    const rejoin = () => {
      for (const room of person.rooms) registry.rejoin(person.member, room);
      this.#publish(person);
    };
    if (isTheirs) {
      // Somebody at another node may have had the name for a moment.
      people.place(name, person);
      return rejoin();
    }
    this.#claims.delete(person);
    takeAlternative(person, name, () => {
      rejoin();
      person.notice(
        `This server was cut off for a while, and somebody else has the name ${name} now, so you ` +
          `are now called ${person.nickname}.`,
      );
    });
  }
}

function cutOff(): DomainError {
  return new DomainError(
    "unavailable",
    "The cluster cannot be reached, so nobody can take a name now. Try again in a moment.",
  );
}
