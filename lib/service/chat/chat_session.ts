/**
 * One person's session: the rooms they are in, and everything they can do there.
 *
 * @module
 */

import type { Account } from "../../domain/access/accounts/account.ts";
import type { PermittedRooms } from "../../domain/archive/permitted_rooms.ts";
import { DomainError } from "../../domain/domain_error.ts";
import { nameKey } from "../../domain/name.ts";
import type { RoomStream } from "../../domain/rooms/room_stream.ts";
import type { ChatMember } from "./chat_member.ts";
import { Correspondence } from "./direct/correspondence.ts";
import type { Marks } from "./person_store.ts";
import type { RoomReader } from "./rooms/room_reader.ts";
import { RoomVisits } from "./rooms/room_visits.ts";
import type { PrivateMessage, Screen } from "./screen.ts";
import type { SharedChat } from "./shared_chat.ts";
import { Speech } from "./speech/speech.ts";

/** What the people of a chat share. */
export type ChatContext = SharedChat<ChatSession>;

/** A log that somebody follows with `/log`. */
export interface FollowedLog {
  /** The name of the room. */
  readonly room: string;
  /** As it was written; `""` for everything. */
  readonly filter: string;
  /** How much the filter has let through, in words. */
  readonly counts: string;
  stop(): void;
}

/** A page of results of `/search`. */
export interface SearchPage {
  readonly query: string;
  /** Only events with a lower id. */
  readonly before?: number;
  /** Lines to show before and after each hit. */
  readonly context: number;
}

export interface ChatSessionOptions {
  readonly chat: ChatContext;
  readonly member: ChatMember;
  readonly screen: Screen;
  readonly reader: RoomReader;
}

export class ChatSession {
  readonly chat: ChatContext;
  readonly member: ChatMember;
  readonly screen: Screen;
  /** Enters and leaves rooms, and follows their renames. */
  readonly visits: RoomVisits;
  readonly speech: Speech;
  /** The rooms as this person may see them. */
  readonly sees: PermittedRooms;
  /** The log that the person follows with `/log`. */
  logFollow: FollowedLog | undefined;
  /** Where the last search continues, if it found more. */
  searched: SearchPage | undefined;
  /** Who wrote privately last: a person, or the key of an account. */
  correspondent: ChatSession | string | undefined;
  /** The name of whom the person was told last that private messages are not kept. */
  toldUnkept: string | undefined;
  /** The conversations of the person's account. */
  readonly correspondence = new Correspondence(this);
  /** Whether the person is just now changing their account, and so knows about it. */
  isChangingAccount = false;
  /** When the person connected, milliseconds since 1970. */
  readonly connectedAt: number;
  #awayText: string | undefined;
  #leftOff: Marks | undefined;

  constructor({ chat, member, screen, reader }: ChatSessionOptions) {
    this.chat = chat;
    this.member = member;
    this.screen = screen;
    this.visits = new RoomVisits({ chat, member, screen, reader });
    this.speech = new Speech(this);
    this.connectedAt = chat.clock.now();
    this.sees = chat.archive.for(member, (room) => this.findRoom(room) !== undefined);
    chat.registry.attach(this.speech);
  }

  get origin(): number {
    return this.member.origin;
  }

  get nickname(): string {
    return this.member.nickname;
  }

  /** Set while the person is away; `""` if they gave no text. */
  get awayText(): string | undefined {
    return this.#awayText;
  }

  /**
   * Whole seconds since the person last said something or, before that, connected; `undefined` if
   * that is not known here.
   */
  get idleSeconds(): number | undefined {
    return Math.max(0, Math.floor((this.chat.clock.now() - this.speech.spokeAt) / 1000));
  }

  /** Whether the person has said anything in a room. */
  get hasSpoken(): boolean {
    return this.speech.hasSpoken;
  }

  /** Where each room was when the person went away. */
  get leftOff(): Marks | undefined {
    return this.#leftOff;
  }

  /** Goes away, with a text or `""`, or comes back with `undefined`. */
  setAway(text: string | undefined): void {
    this.#awayText = text?.normalize("NFC");
    if (text === undefined) this.#leftOff = undefined;
    else this.#leftOff ??= new Map(this.rooms.map(({ name, lastSeq }) => [name, lastSeq]));
    this.chat.presence.tell(this, "away");
  }

  /** Notes the account that the person has proven to own; `undefined` for none. */
  identify(account: Account | undefined): void {
    const { account: before, isOperator } = this.member;
    this.member.identify(account);
    if (this.member.account !== before) this.chat.presence.tell(this, "account");
    if (this.member.isOperator !== isOperator) this.chat.presence.tell(this, "modes");
  }

  /** Gives up the power over the server that the person's account has. */
  renounce(): void {
    if (!this.member.isOperator) return;
    this.member.isOperator = false;
    this.chat.presence.tell(this, "modes");
  }

  /** Keys of ignored names. */
  get ignored(): ReadonlySet<string> {
    return this.member.ignored;
  }

  /** Whether the person is connected to another node of the cluster. */
  get isRemote(): boolean {
    return false;
  }

  /** The name of that node; `undefined` for this one. */
  get nodeName(): string | undefined {
    return undefined;
  }

  /** Whether the person has left the server, and somebody else may have their name. */
  get hasDeparted(): boolean {
    return this.member.hasLeft;
  }

  /** The room that lines without a command go to. */
  get currentRoom(): RoomStream | undefined {
    return this.member.currentRoom;
  }

  get rooms(): readonly RoomStream[] {
    return this.visits.rooms;
  }

  /** Whether the person is still being shown what happened before. */
  get isBehind(): boolean {
    return this.visits.isBehind;
  }

  /** Shows a line of the server's own words. @returns whether there was room for it. */
  notice(text: string): boolean {
    return this.screen.notice(text);
  }

  /** Shows what went wrong, and what to do instead. */
  error(text: string, code?: string): void {
    this.screen.error(text, code);
  }

  /**
   * Takes a name, giving up the one before, and tells the person's rooms.
   *
   * @returns In a cluster, resolves once all nodes have agreed; rejects as below.
   * @throws {DomainError} As `NicknameRegistry.claim` does; `no-such-person` if they have left;
   * `not-permitted` to a token, unless it is the name of its account.
   */
  takeName(text: string): Promise<void> | undefined {
    const { people, claims } = this.chat;
    const { token, hasLeft } = this.member;
    // A connection that somebody else has ended may still be carrying out a command.
    if (hasLeft) throw new DomainError("no-such-person", "You have left.");
    if (token && nameKey(text.trim()) !== token.account) {
      throw new DomainError(
        "not-permitted",
        `This token speaks as ${token.nickname}, and under no other name.`,
      );
    }
    if (claims) return claims.claim(this, people.check(text, this), (name) => this.#adopt(name));
    this.#adopt(text);
    return undefined;
  }

  #adopt(text: string): void {
    const { people, registry } = this.chat;
    const { nickname: before } = this;
    const name = people.check(text, this);
    if (name !== before) {
      const cause = { kind: "nick", rooms: this.rooms.length } as const;
      for (const room of this.rooms) registry.say(this.member, room, "nick", name, { cause });
    }
    people.claim(name, this, before || undefined, registry.settled());
    this.member.rename(name);
    this.screen.showName(name);
    if (name !== before) this.chat.presence.tell(this, before === "" ? "here" : "name", before);
    // Somebody of that name may be banned from a room.
    this.chat.evictions.check(this);
  }

  /** The person of that name. @throws {DomainError} `no-such-person`. */
  findPerson(name: string): ChatSession {
    const person = this.chat.people.find(name);
    if (person) return person;
    throw new DomainError("no-such-person", `Nobody here is called ${name}. /who lists names.`);
  }

  /** The room of that name, if the person is in it. */
  findRoom(name: string): RoomStream | undefined {
    return this.visits.find(name);
  }

  /** The room of that name or former name, if the person is in it. */
  findCalled(name: string): RoomStream | undefined {
    return this.findRoom(name) ?? this.findRoom(this.chat.access.currentName(name));
  }

  /** The current room. @throws {DomainError} `not-in-room` if there is none. */
  requireRoom(): RoomStream {
    if (this.currentRoom) return this.currentRoom;
    throw new DomainError("not-in-room", "You are not in any room. Join one with /join ROOM.");
  }

  /**
   * Leaves the server; resolves once that is on record. Safe to call again.
   *
   * @param farewell Only told to rooms in which the person may speak.
   * @param isOwn Whether they have asked for it.
   */
  async depart(farewell: string, isOwn?: true): Promise<void> {
    const { registry, people } = this.chat;
    this.logFollow?.stop();
    this.visits.leaveAll(farewell, isOwn);
    if (this.hasDeparted) return;
    this.member.hasLeft = true;
    this.correspondent = undefined;
    await this.correspondence.end();
    if (this.nickname !== "") {
      this.chat.presence.tell(this, "gone", this.nickname);
      this.chat.claims?.release(this);
      const known = registry.settled();
      if (people.find(this.nickname) === this) people.release(this.nickname, known);
      await known;
    }
    registry.detach(this.speech);
  }

  /**
   * Takes a private message that is not kept.
   *
   * @returns Whether there was room for it; those whom the person ignores are not told.
   * @throws {DomainError} `not-delivered` if it is not known to have reached another node.
   */
  hear(from: ChatSession, message: PrivateMessage): boolean | Promise<boolean> {
    if (this.ignored.has(nameKey(message.from))) return true;
    const isShown = this.screen.showPrivate(message);
    if (isShown) this.correspondent = from;
    return isShown;
  }
}
