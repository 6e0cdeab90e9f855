/**
 * One person in the chat: where they are, what they say, and what they are shown.
 *
 * @module
 */

import { type ConnectionContext, runInConnection } from "../../context.ts";
import { DomainError } from "../../domain/domain_error.ts";
import type { Member } from "../../domain/member.ts";
import type { RoomHistory } from "../../domain/message_log.ts";
import { nameKey } from "../../domain/name.ts";
import type { NicknameRegistry } from "../../domain/nickname_registry.ts";
import { type EventSink, RoomFeed } from "../../domain/room_feed.ts";
import type { Room } from "../../domain/room.ts";
import type { Draft, RoomEvent, RoomEventKind } from "../../domain/room_event.ts";
import type { RoomRegistry } from "../../domain/room_registry.ts";
import type { SearchService } from "../../domain/search.ts";
import { log } from "../../log.ts";
import type { PersonStore } from "./person_store.ts";
import type { SayReceipt, SayReceipts } from "./receipts.ts";
import type { Renderer } from "./renderer.ts";
import type { Screen, Viewer } from "./screen.ts";

/** Rooms that one is in at most. */
export const MAX_ROOMS = 50;
/** Events that somebody who comes back is shown at most before the room begins anew for them. */
const MOST_RESUMED = 2000;

/** What all people of a chat share. */
export interface ChatContext {
  readonly registry: RoomRegistry;
  readonly log: RoomHistory;
  /** Absent where nothing can be searched. */
  readonly search?: SearchService;
  readonly people: NicknameRegistry<ChatSession>;
  readonly renderer: Renderer;
  /** What is known of people from earlier visits. */
  readonly memory: PersonStore;
  /** What the origins of this run begin with: they are kept, and must differ from earlier runs'. */
  readonly firstOrigin: number;
}

export class ChatSession implements Member, EventSink, Viewer {
  readonly chat: ChatContext;
  readonly screen: Screen;
  readonly origin: number;
  /** Keys of the names whose words are not shown. */
  readonly ignored = new Set<string>();
  /** What is told of somebody who is away; `""` for no more than that. */
  awayText: string | undefined;
  /** Where the last search goes on, if there is more. */
  searched: { readonly query: string; readonly before: number } | undefined;
  /** Who wrote privately last. */
  correspondent: ChatSession | undefined;
  /** What is owed for things said, where anybody wants receipts. */
  receipts: SayReceipts | undefined;
  #nickname = "";
  #hasDeparted = false;
  #current: Room | undefined;
  readonly #context: ConnectionContext;
  readonly #reader: RoomFeed;

  /** @param createScreen Makes the screen of whoever this is; called once. */
  constructor(
    chat: ChatContext,
    context: ConnectionContext,
    createScreen: (viewer: Viewer) => Screen,
  ) {
    this.chat = chat;
    this.origin = chat.firstOrigin + context.connection;
    this.#context = context;
    this.screen = createScreen(this);
    this.#reader = new RoomFeed(chat.log, this);
  }

  get via(): string {
    return this.#context.transport;
  }

  get nickname(): string {
    return this.#nickname;
  }

  /** Whether the person has left for good, and the name may be somebody else's. */
  get hasDeparted(): boolean {
    return this.#hasDeparted;
  }

  /** The room that lines without a command go to. */
  get currentRoom(): Room | undefined {
    return this.#current;
  }

  /** All rooms that the person is in. */
  get rooms(): readonly Room[] {
    return [...this.#reader.rooms];
  }

  /** Shows a line of the server's own words. @returns whether there was room for it. */
  notice(text: string): boolean {
    return this.screen.notice(text);
  }

  /** Shows what went wrong, and what to do instead. */
  error(text: string, code?: string): void {
    this.screen.error(text, code);
  }

  /** Takes a name, giving up the one before. @throws {DomainError} where it may not be had. */
  takeName(text: string): void {
    this.#nickname = this.chat.people.claim(text, this, this.#nickname || undefined);
    this.#context.nickname = this.#nickname;
    this.screen.showName(this.#nickname);
  }

  /** The person of that name. @throws {DomainError} `no-such-person`. */
  findPerson(name: string): ChatSession {
    const person = this.chat.people.find(name);
    if (person) return person;
    throw new DomainError("no-such-person", `Nobody here is called ${name}. /who lists names.`);
  }

  /** The current room. @throws {DomainError} `not-in-room` where there is none. */
  requireRoom(): Room {
    if (this.#current) return this.#current;
    throw new DomainError("not-in-room", "You are in no room. Enter one with /join ROOM.");
  }

  /** Whether the person is still being fed what happened before. */
  get isBehind(): boolean {
    return this.#reader.isBehind;
  }

  /** The room of that name that the person is in, if it is one. */
  findRoom(name: string): Room | undefined {
    const key = nameKey(name);
    return this.rooms.find((room) => nameKey(room.name) === key);
  }

  /**
   * Enters a room, or turns to it where the person is in it already.
   *
   * @param after The number of the last event that the person knows, if any: what came after it is
   * shown instead of the latest things said, unless that is too much.
   */
  async enter(name: string, after?: number): Promise<void> {
    const known = this.findRoom(name);
    if (known) {
      this.turnTo(known);
      this.notice(`You are now talking in #${known.name}.`);
      return;
    }
    if (this.#reader.roomCount >= MAX_ROOMS) {
      throw new DomainError(
        "too-many-rooms",
        `You are in ${MAX_ROOMS} rooms, which is the limit. /leave one first.`,
      );
    }
    await this.chat.registry.join(this, name, (room) => {
      const isResumed = after !== undefined && after <= room.lastSeq &&
        room.lastSeq - after <= MOST_RESUMED;
      this.#reader.enter(room, isResumed ? after : room.lastSeq);
      this.turnTo(room);
      this.screen.showEntry(room, isResumed);
    });
  }

  /** Makes a room that the person is in the one that lines without a command go to. */
  turnTo(room: Room | undefined): void {
    this.#current = room;
    this.#context.room = room?.name;
  }

  /** Leaves a room, and turns to another one. */
  leave(room: Room, farewell = ""): void {
    this.#reader.leave(room);
    this.chat.registry.leave(this, room, farewell);
    if (this.#current === room) this.turnTo(this.rooms.at(-1));
    this.screen.showExit(room);
  }

  /** Leaves everything, for good; resolves once that is on record. Safe to call again. */
  async depart(farewell: string): Promise<void> {
    for (const room of this.rooms) this.leave(room, farewell);
    if (this.#nickname === "" || this.#hasDeparted) return;
    this.#hasDeparted = true;
    this.correspondent = undefined;
    this.chat.people.release(this.#nickname);
    await this.chat.registry.settled();
  }

  /**
   * Says something in the current room.
   *
   * @param receipt Called with what became of it; only where there are {@linkcode receipts}.
   * @throws {DomainError} `not-in-room`.
   */
  say(kind: RoomEventKind, body: string, receipt?: SayReceipt): void {
    const room = this.requireRoom();
    this.chat.registry.say(this, room, kind, toNfc(body));
    this.receipts?.expect(room.name, kind, receipt);
    const { repairs } = this.screen;
    if (repairs > 0) this.chat.registry.say(this, room, "gap", this.#describeRepairs(repairs));
  }

  deliver(events: readonly RoomEvent[]): void {
    this.#reader.deliver(events);
    this.receipts?.settle(events, this.origin);
  }

  deliverCrowd(room: string, joined: number, left: number): void {
    // Whoever is behind comes to them in the log, and counts them there.
    if (!this.#reader.isBehind) this.screen.showCrowd(room, joined, left);
  }

  deliverRefusal(drafts: readonly Draft[], _reason: Error): void {
    const untold = this.receipts?.refuse(drafts) ?? drafts;
    const lost = untold.filter(({ kind }) => kind !== "join" && kind !== "part").length;
    if (lost === 0) return;
    const [subject, object] = lost === 1
      ? ["Your last line", "it"]
      : [`Your last ${lost} lines`, "them"];
    this.error(
      `${subject} could not be stored, so nobody has seen ${object}. ` +
        "The server's disk may be full; try again in a while.",
    );
  }

  /** Part of {@linkcode EventSink}: shows a run of events if the screen has room for all of it. */
  take(room: Room, events: readonly RoomEvent[]): boolean {
    const told = this.#reader.isBehind ? room.tell(events) : { events, joined: 0, left: 0 };
    if (told.events.length > 0 && !this.screen.showEvents(room, told.events)) return false;
    if (told.joined + told.left > 0) this.screen.showCrowd(room.name, told.joined, told.left);
    return true;
  }

  /** Part of {@linkcode EventSink}. */
  ready(): Promise<boolean> {
    return this.screen.ready();
  }

  /** Part of {@linkcode EventSink}. */
  drained(): Promise<boolean> {
    return this.screen.drained();
  }

  /** Part of {@linkcode EventSink}. */
  caughtUp(): void {
    this.screen.showLive?.();
  }

  /** Part of {@linkcode EventSink}. */
  fail(reason: Error): void {
    runInConnection(this.#context, () => {
      log("chat").error("Cannot read the log for a slow reader: {error}", { error: reason });
    });
    this.error(
      "What you have not read yet cannot be had from the log. Connect again for the rest.",
    );
    this.screen.end();
  }

  #describeRepairs(repairs: number): string {
    const places = repairs === 1 ? "1 place" : `${repairs} places`;
    const were = repairs === 1 ? "was not UTF-8 and is" : "were not UTF-8 and are";
    return `${places} in ${this.#nickname}'s last line ${were} shown as \ufffd`;
  }
}

// All below U+0300 is in NFC already, and so is most of what is said.
const MAY_COMPOSE = /[\u0300-\uffff]/;

function toNfc(text: string): string {
  return MAY_COMPOSE.test(text) ? text.normalize("NFC") : text;
}
