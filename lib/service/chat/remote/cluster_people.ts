/**
 * The people of all nodes of a cluster: has those of the other nodes among the people here, and
 * tells the other nodes of those who are connected here.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import { SharedAttendance } from "../../../domain/access/shared_attendance.ts";
import type { Courier } from "../../../domain/courier.ts";
import { nameKey } from "../../../domain/name.ts";
import { loadAndFollow, type StateSetting, type StateStore } from "../../../domain/state_store.ts";
import {
  CLUSTER_NAME_STATE,
  CLUSTER_PERSON_STATE,
  parseVisitor,
  type VisitRecord,
} from "../../../domain/visitor.ts";
import { log } from "../../../log.ts";
import type { ChatContext, ChatSession } from "../chat_session.ts";
import type { PersonChange } from "../rooms/presence.ts";
import type { TagNotice } from "../screen.ts";
import { Errands } from "./errands.ts";
import type { NameClaims } from "./name_claims.ts";
import { OwnNames } from "./own_names.ts";
import { parseFacts, type PersonFacts } from "./person_facts.ts";
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

export class ClusterPeople implements NameClaims<ChatSession> {
  readonly #options: ClusterPeopleOptions;
  readonly #errands: Errands;
  readonly #own: OwnNames;
  /** People of other nodes by origin, and the names that they have there, by key. */
  readonly #remote = new Map<number, RemotePerson>();
  readonly #names = new Map<string, PersonFacts>();
  readonly #accounts = new Map<string, Set<RemotePerson>>();
  /**
   * Rooms of those whose names are not known: a node that was declared gone may let people in
   * again before it has their names again.
   */
  readonly #nameless = new Map<number, readonly VisitRecord[]>();

  private constructor(options: ClusterPeopleOptions) {
    const { chat, node, courier, submitChange, isReached = () => true } = this.#options = options;
    const own = this.#own = new OwnNames({
      chat,
      node,
      isReached,
      change: (key, was, value) => submitChange({ service: CLUSTER_NAME_STATE, key, was, value }),
    });
    this.#errands = new Errands({
      courier,
      local: (origin) => own.find(origin),
      remote: (origin) => this.#remote.get(origin),
    });
    chat.presence.onChange((person, change) => {
      if (PUBLISHED.has(change)) own.publish(person);
    });
    courier.onAnnounced(TAGS, (text) => {
      this.#hearTags(JSON.parse(text)).catch((error) => {
        log("cluster").error("Cannot pass on tags: {error}", { error });
      });
    });
    options.onReach?.((isReached) => {
      if (!isReached) own.refuseWaiting();
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
      find: (origin) => people.#remote.get(origin) ?? people.#own.find(origin),
    });
    return people;
  }

  claim(person: ChatSession, name: string, take: (name: string) => void): Promise<void> {
    return this.#own.claim(person, name, take);
  }

  get connected(): number {
    return this.#own.size;
  }

  release(person: ChatSession): void {
    this.#own.release(person);
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
      this.#own.find(origin)?.screen.showTags?.(notice);
    }
  }

  withAccount(key: string): Iterable<ChatSession> {
    return this.#accounts.get(key) ?? [];
  }

  /** Takes a name that another node has claimed, changed or given up. */
  #noteName(key: string, value: string | null): void {
    if (value === null) {
      const facts = this.#names.get(key);
      if (facts) this.#forgetName(key, facts);
      else this.#own.noteLoss(key);
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
    const current = nameKey(person.nickname);
    if (current === key || !person.names.has(current)) this.#update(person, facts);
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
    if (other) this.#update(person, other);
    else this.#endIfGone(person);
  }

  #noteRooms(origin: number, value: string | null, isPast: boolean): void {
    const person = this.#remote.get(origin);
    const visitor = value === null ? undefined : parseVisitor(value);
    if (person) {
      person.enterAll(visitor?.rooms ?? [], isPast);
      this.#endIfGone(person);
    } else if (!visitor) this.#nameless.delete(origin);
    else if (visitor.node !== this.#options.node) this.#nameless.set(origin, visitor.rooms);
  }

  /** Somebody in a room whose name was taken back may get another one, or the same again. */
  #endIfGone(person: RemotePerson): void {
    if (person.names.size > 0 || person.rooms.length > 0) return;
    const { account } = person.member;
    person.end();
    this.#index(person, account);
    this.#remote.delete(person.origin);
  }
}
