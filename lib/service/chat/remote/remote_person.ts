/**
 * Somebody who is connected to another node of the cluster, as the people here see them. What is
 * shown to them goes there; what they do is done there, and comes as events and as state.
 *
 * @module
 */

import { DomainError } from "../../../domain/domain_error.ts";
import type { Room } from "../../../domain/rooms/room.ts";
import type { Member } from "../../../domain/rooms/room_stream.ts";
import type { VisitRecord } from "../../../domain/visitor.ts";
import { ChatMember } from "../chat_member.ts";
import { type ChatContext, ChatSession } from "../chat_session.ts";
import type { RoomReader } from "../rooms/room_reader.ts";
import type { PrivateMessage } from "../screen.ts";
import type { RoomActs } from "../shared_chat.ts";
import type { Errand, ErrandAnswer } from "./errand.ts";
import type { PersonFacts } from "./person_facts.ts";
import { RemoteScreen } from "./remote_screen.ts";

/** Does something for a person at their node; `undefined` if that node does not answer. */
export type ErrandRunner = (
  person: RemotePerson,
  errand: Errand,
) => Promise<ErrandAnswer | undefined>;

export interface RemotePersonOptions {
  readonly chat: ChatContext;
  readonly facts: PersonFacts;
  readonly run: ErrandRunner;
}

export class RemotePerson extends ChatSession {
  /** The name of the node. */
  readonly node: string;
  /** The names that are theirs, by key: two while they change it. */
  readonly names = new Map<string, PersonFacts>();
  readonly #run: ErrandRunner;
  readonly #rooms: RemoteRooms;
  readonly #gone = Promise.withResolvers<void>();
  #isGone = false;

  constructor({ chat, facts, run }: RemotePersonOptions) {
    const { origin, node, via, transport, address } = facts;
    const context = { connection: 0, transport, remote: address ?? "", address };
    const member = new ChatMember(context, origin, via);
    const rooms = new RemoteRooms(chat.registry, member);
    const screen = new RemoteScreen((errand) => run(this, errand));
    super({ chat, member, screen, reader: rooms });
    this.node = node;
    this.#run = run;
    this.#rooms = rooms;
    member.rename(facts.name);
    this.#note(facts);
  }

  override get isRemote(): boolean {
    return true;
  }

  override get nodeName(): string {
    return this.node;
  }

  /** Only their own node knows. */
  override get idleSeconds(): undefined {
    return undefined;
  }

  override get hasDeparted(): boolean {
    return this.#isGone;
  }

  /** Takes over what has changed. @param facts Those of the person's present name. */
  update(facts: PersonFacts): void {
    const { chat, member, nickname: before } = this;
    if (facts.name !== before) {
      member.rename(facts.name);
      chat.presence.tell(this, "name", before);
    }
    const account = facts.account === undefined ? undefined : chat.accounts.find(facts.account);
    if (member.account !== facts.account) this.identify(account);
    if (this.awayText !== facts.away) this.setAway(facts.away);
    const { details, isOperator } = member;
    this.#note(facts);
    const modes = [...details?.modes ?? []].join("");
    if (member.isOperator !== isOperator || modes !== [...facts.modes ?? []].join("")) {
      chat.presence.tell(this, "modes");
    }
    const hasNewDetails = details?.realname !== facts.realname ||
      details?.user !== facts.user;
    if (hasNewDetails) chat.presence.tell(this, "details");
  }

  /** Takes over who is in which rooms. @param isPast Whether it is about the time before the start. */
  enterAll(rooms: readonly VisitRecord[], isPast: boolean): void {
    this.#rooms.become(rooms, isPast);
  }

  /** Notes that the person has left the server, or that their node has gone. */
  end(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.correspondent = undefined;
    this.chat.presence.tell(this, "gone", this.nickname);
    this.chat.registry.detach(this.speech);
    this.#gone.resolve();
  }

  override async hear(from: ChatSession, message: PrivateMessage): Promise<boolean> {
    const answer = await this.#run(this, { do: "hear", from: from.origin, message });
    if (answer?.isHere) return answer.isDone === true;
    throw new DomainError(
      "not-delivered",
      answer
        ? `${this.nickname} has just left. Nothing was delivered.`
        : `The server that ${this.nickname} is connected to does not answer, so your message may ` +
          "not have been delivered.",
    );
  }

  /** Has the person leave; resolves once everybody knows. @throws {DomainError} `unavailable`. */
  override async depart(farewell: string): Promise<void> {
    if (this.#isGone) return;
    const answer = await this.#run(this, { do: "depart", farewell });
    if (answer?.isHere) return await this.#gone.promise;
    if (this.#isGone) return;
    throw new DomainError(
      "unavailable",
      `The server that ${this.nickname} is connected to does not answer. Try again in a moment.`,
    );
  }

  /** Their own node gives them another name. */
  override takeName(): undefined {}

  #note({ account, isOperator = false, away, user, realname, modes }: PersonFacts): void {
    const { member } = this;
    member.context.account = account;
    member.isOperator = isOperator;
    if (this.awayText !== away) this.setAway(away);
    member.details = realname === undefined
      ? undefined
      : { user: user ?? "", realname, modes: new Set(modes) };
  }
}

/** The rooms of somebody at another node. They enter and leave them there. */
class RemoteRooms implements RoomReader {
  readonly isBehind = false;
  readonly #registry: RoomActs;
  readonly #member: Member;
  readonly #rooms = new Map<string, Room>();

  constructor(registry: RoomActs, member: Member) {
    this.#registry = registry;
    this.#member = member;
  }

  get rooms(): readonly Room[] {
    return [...this.#rooms.values()];
  }

  become(visits: readonly VisitRecord[], isPast: boolean): void {
    const names = new Set(visits.map(({ room }) => room));
    for (const name of this.#rooms.keys()) {
      if (names.has(name)) continue;
      this.#rooms.delete(name);
      this.#registry.membership.withdraw(this.#member, name);
    }
    for (const { room: name, isFirst = false } of visits) {
      if (this.#rooms.has(name)) continue;
      const past = isPast ? { isFirst } : undefined;
      this.#rooms.set(name, this.#registry.membership.admit(this.#member, name, past));
    }
  }

  enter(room: Room): Room {
    return room;
  }

  leave(): void {}
}
