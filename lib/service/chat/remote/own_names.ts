/**
 * The names of those who are connected to this node of a cluster. Claims each name at all
 * nodes, and again after the other nodes declared this one gone. Claims for one person run in
 * sequence: a name change during a reclaim would otherwise leave them with both names, or neither.
 *
 * @module
 */

import { DomainError } from "../../../domain/domain_error.ts";
import { nameKey } from "../../../domain/name.ts";
import { log } from "../../../log.ts";
import type { ChatContext, ChatSession } from "../chat_session.ts";
import { takeAlternative } from "../login/name_takeover.ts";
import { factsOf } from "./person_facts.ts";

export interface OwnNamesOptions {
  readonly chat: ChatContext;
  /** The name of this node. */
  readonly node: string;
  /** Changes the value of a name at all nodes, if it still is what it was; returns whether it was. */
  change(key: string, was: string | null, value: string | null): Promise<boolean>;
  /** Whether this node can reach the cluster. */
  isReached(): boolean;
}

/** A name of somebody who is connected here, and the facts that are stored with it. */
interface Claim {
  readonly name: string;
  value: string;
  /** Whether the other nodes have taken it back. */
  isLost: boolean;
}

export class OwnNames {
  readonly #options: OwnNamesOptions;
  /** By origin. */
  readonly #people = new Map<number, ChatSession>();
  readonly #claims = new Map<ChatSession, Claim>();
  /** Settle once what is done about somebody's name is done. */
  readonly #turns = new Map<ChatSession, Promise<unknown>>();
  /** Those whose names are to be claimed again. */
  readonly #lost = new Set<ChatSession>();
  /** End the wait of those who claim a name. */
  readonly #waiting = new Set<(reason: Error) => void>();

  constructor(options: OwnNamesOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#people.size;
  }

  /** Somebody who has a name and is connected here. */
  find(origin: number): ChatSession | undefined {
    return this.#people.get(origin);
  }

  /** As `NameClaims.claim`, unless the others cannot be reached: nobody should wait for that. */
  async claim(person: ChatSession, name: string, take: (name: string) => void): Promise<void> {
    if (!this.#options.isReached()) throw cutOff();
    const attempt = { isGivenUp: false };
    const claimed = this.#inTurn(person, () => this.#claimNow(person, name, take, attempt));
    const refusal = Promise.withResolvers<never>();
    this.#waiting.add(refusal.reject);
    try {
      await Promise.race([claimed, refusal.promise]);
    } catch (error) {
      // It may still be made, once the others are reached again.
      attempt.isGivenUp = true;
      throw error;
    } finally {
      this.#waiting.delete(refusal.reject);
    }
  }

  /** Ends the wait of those who claim a name: the others cannot be reached. */
  refuseWaiting(): void {
    for (const refuse of this.#waiting) refuse(cutOff());
  }

  /** Gives up the name of somebody who leaves. */
  release(person: ChatSession): void {
    const claim = this.#claims.get(person);
    this.#people.delete(person.origin);
    this.#claims.delete(person);
    if (claim) void this.#options.change(nameKey(claim.name), claim.value, null);
  }

  /** Stores the facts of somebody, if they have changed. */
  publish(person: ChatSession): void {
    const claim = this.#claims.get(person);
    if (!claim) return;
    const { name, value: before } = claim;
    claim.value = this.#factsOf(person, name);
    if (claim.value !== before) void this.#options.change(nameKey(name), before, claim.value);
  }

  /** Notes that the other nodes have taken back a name: they declared this node gone. */
  noteLoss(key: string): void {
    const person = this.#options.chat.people.find(key);
    const claim = person && this.#claims.get(person);
    if (!claim || nameKey(claim.name) !== key) return;
    claim.isLost = true;
    if (this.#lost.size === 0) queueMicrotask(() => this.#comeBack());
    this.#lost.add(person);
  }

  async #claimNow(
    person: ChatSession,
    name: string,
    take: (name: string) => void,
    attempt: { readonly isGivenUp: boolean },
  ): Promise<void> {
    if (attempt.isGivenUp) throw cutOff();
    const { chat, change } = this.#options;
    const key = nameKey(name);
    const before = this.#claims.get(person);
    const isSame = before !== undefined && nameKey(before.name) === key;
    const value = this.#factsOf(person, name);
    const isTheirs = await change(key, isSame ? before.value : null, value) ||
      // The others may have taken it back meanwhile.
      (isSame && await change(key, null, value));
    if (!isTheirs) {
      throw new DomainError(
        "name-in-use",
        `The name ${name} is in use, or looks like one that is. ` +
          `Try ${chat.people.alternative(name)}.`,
      );
    }
    try {
      if (attempt.isGivenUp) throw cutOff();
      if (person.hasDeparted) throw new DomainError("no-such-person", `${name} has left.`);
      take(name);
    } catch (error) {
      if (isSame && this.#claims.get(person) === before) {
        before.value = value;
        this.publish(person);
      } else void change(key, value, null);
      throw error;
    }
    this.#people.set(person.origin, person);
    this.#claims.set(person, { name, value, isLost: false });
    if (before && !isSame) void change(nameKey(before.name), before.value, null);
    // What has changed while all nodes agreed.
    this.publish(person);
  }

  #comeBack(): void {
    const lost = [...this.#lost];
    this.#lost.clear();
    for (const person of lost) {
      this.#bringBack(person).catch((error) => {
        log("cluster").error("Cannot bring {name} back: {error}", { name: person.nickname, error });
      });
    }
  }

  /** Claims somebody's name again, or a like one, and lets them enter their rooms again. */
  async #bringBack(person: ChatSession): Promise<void> {
    const { nickname: name } = person;
    await this.#inTurn(person, () => this.#reclaim(person));
    // They may be asking for another name themselves.
    while (this.#turns.has(person)) await this.#turns.get(person);
    if (person.hasDeparted) return;
    if (this.#claims.has(person)) return this.#rejoin(person);
    const why = `This server was cut off for a while, and somebody else has taken the name ${name}`;
    try {
      takeAlternative(person, name, () => {
        this.#rejoin(person);
        person.notice(`${why}, so you are now called ${person.nickname}.`);
      });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      // They may have no other name: it is the name of their account, and they have logged in again.
      person.screen.end(`${why}, so this connection has ended.`, true);
      await person.depart("");
    }
  }

  async #reclaim(person: ChatSession): Promise<void> {
    const claim = this.#claims.get(person);
    // They may have left or changed their name meanwhile.
    if (!claim?.isLost) return;
    const { chat: { people }, change } = this.#options;
    const { name } = claim;
    claim.value = this.#factsOf(person, name);
    claim.isLost = false;
    const isTheirs = await change(nameKey(name), null, claim.value);
    if (this.#claims.get(person) !== claim) return;
    // Somebody at another node may have had the name for a moment.
    if (isTheirs) people.place(name, person);
    else this.#claims.delete(person);
  }

  #rejoin(person: ChatSession): void {
    const { registry } = this.#options.chat;
    for (const room of person.rooms) registry.membership.rejoin(person.member, room);
    this.publish(person);
  }

  async #inTurn(person: ChatSession, act: () => Promise<void>): Promise<void> {
    const before = this.#turns.get(person);
    const done = before ? before.then(act) : act();
    const settled = done.catch(() => {});
    this.#turns.set(person, settled);
    try {
      await done;
    } finally {
      if (this.#turns.get(person) === settled) this.#turns.delete(person);
    }
  }

  #factsOf(person: ChatSession, name: string): string {
    return JSON.stringify(factsOf(person, this.#options.node, name));
  }
}

function cutOff(): DomainError {
  return new DomainError(
    "unavailable",
    "The cluster cannot be reached, so nobody can take a name now. Try again in a moment.",
  );
}
