/**
 * The rooms that a person is in: enters and leaves them, and follows when they are renamed.
 *
 * @module
 */

import { DomainError } from "../../../domain/domain_error.ts";
import { nameKey } from "../../../domain/name.ts";
import type { Cause } from "../../../domain/room_event.ts";
import type { RoomStream } from "../../../domain/rooms/room_stream.ts";
import type { ChatMember } from "../chat_member.ts";
import type { Screen } from "../screen.ts";
import type { SharedChat } from "../shared_chat.ts";
import type { Follower } from "./follower_queue.ts";
import type { RoomReader } from "./room_reader.ts";

/** Rooms a person may be in at a time. */
export const MAX_ROOMS = 50;
/** Events shown to somebody who resumes a room; beyond that they start with its recent past. */
const MAX_RESUMED = 2000;

type Chat = Pick<
  SharedChat<{ readonly nickname: string }>,
  "registry" | "access" | "followers"
>;

export interface RoomVisitsOptions {
  readonly chat: Chat;
  readonly member: ChatMember;
  readonly screen: Screen;
  readonly reader: RoomReader;
}

export class RoomVisits implements Follower {
  /** How often the person has left the room in which they were talking. */
  exits = 0;
  readonly #chat: Chat;
  readonly #member: ChatMember;
  readonly #screen: Screen;
  readonly #reader: RoomReader;
  /** Whether the person is leaving the server, and so turns to no other room. */
  #isDeparting = false;
  /** Renames that the person has yet to follow. */
  #toFollow: (readonly [room: RoomStream, seq: number])[] | undefined;

  constructor({ chat, member, screen, reader }: RoomVisitsOptions) {
    this.#chat = chat;
    this.#member = member;
    this.#screen = screen;
    this.#reader = reader;
    reader.onMoved = (room, seq) => {
      this.#toFollow = [...this.#toFollow ?? [], [room, seq]];
      chat.followers.add(this);
    };
  }

  /** In the order in which they were entered. */
  get rooms(): readonly RoomStream[] {
    return this.#reader.rooms;
  }

  /** Whether the person is still being shown what happened before. */
  get isBehind(): boolean {
    return this.#reader.isBehind;
  }

  /** The room of that name, if the person is in it. */
  find(name: string): RoomStream | undefined {
    const { membership } = this.#chat.registry;
    const key = nameKey(name);
    return this.rooms.find((room) => nameKey(membership.placeOf(this.#member, room).name) === key);
  }

  /** Part of {@linkcode Follower}: goes on in the new rooms after renames. */
  follow(): void {
    const moves = this.#toFollow ?? [];
    this.#toFollow = undefined;
    for (const [room, seq] of moves) {
      // They may have left meanwhile.
      if (!this.rooms.includes(room)) continue;
      const isCurrent = this.#member.currentRoom === room;
      const { room: next, after } = this.#reader.follow!(room, seq);
      if (isCurrent) this.#member.turnTo(next);
      this.#screen.showMove?.(room, next, after);
    }
  }

  /**
   * The current name of a room that the person may enter.
   *
   * @throws {DomainError} As the rules say, about the name that was given.
   */
  currentName(name: string, key?: string): string {
    const { access } = this.#chat;
    const current = access.currentName(name);
    const isElsewhere = nameKey(current) !== nameKey(name);
    if (isElsewhere && !this.find(current)) access.require(this.#member, name, "join", { key });
    return current;
  }

  /**
   * Joins a room, or switches to it if the person is in it.
   *
   * @param options.after The `seq` of the last event that the person knows, if any. Later events
   * are shown instead of the recent past, unless there are too many.
   * @param options.key The room's key, if it was given.
   */
  async enter(
    asked: string,
    { after: read, key }: { readonly after?: number; readonly key?: string } = {},
  ): Promise<void> {
    this.follow();
    const name = this.currentName(asked, key);
    const isForwarded = name !== asked;
    // Message numbers of the old room mean nothing in the new one.
    const after = isForwarded ? undefined : read;
    if (isForwarded) this.#screen.notice(`#${asked} is #${name} now.`);
    const known = this.find(name);
    if (known) {
      this.switchTo(known);
      this.#screen.notice(`You are now talking in #${known.name}.`);
      return;
    }
    if (this.rooms.some((room) => nameKey(room.name) === nameKey(name))) {
      throw new DomainError(
        "unavailable",
        `#${name} has just been renamed, and you are still being moved. Try again in a moment.`,
      );
    }
    if (this.rooms.length >= MAX_ROOMS) {
      throw new DomainError(
        "too-many-rooms",
        `You are in ${MAX_ROOMS} rooms, which is the limit. /leave one first.`,
      );
    }
    await this.#chat.registry.membership.join(this.#member, name, (room) => {
      const isResumed = after !== undefined && after <= room.lastSeq &&
        room.lastSeq - after <= MAX_RESUMED;
      const entered = this.#reader.enter(room, isResumed ? after : undefined);
      this.#member.turnTo(entered);
      this.#screen.showEntry(entered, isResumed);
    }, key);
  }

  /** Switches to a room that the person is in. @returns Whether they see which room it is. */
  switchTo(room: RoomStream): boolean {
    this.#member.turnTo(room);
    return this.#screen.showTurn?.(room, this.isBehind) ?? false;
  }

  /**
   * Leaves a room, and switches to another if it was the current one.
   *
   * @param why A sentence for the person, if somebody else decided it.
   * @param cause Told to those who are live in the room.
   */
  leave(known: RoomStream, farewell = "", why?: string, cause?: Cause): void {
    this.follow();
    const room = this.rooms.includes(known)
      ? known
      : this.find(this.#chat.registry.membership.placeOf(this.#member, known).name);
    if (!room) return;
    this.#reader.leave(room);
    this.#chat.registry.membership.leave(this.#member, room, farewell, cause);
    if (this.#member.currentRoom === room) {
      this.exits++;
      const next = this.rooms.at(-1);
      if (next && !this.#isDeparting) this.switchTo(next);
      else this.#member.turnTo(next);
    }
    this.#screen.showExit(room, why, cause);
  }

  /** Leaves all rooms, because the person leaves the server. @param isOwn As in {@linkcode Cause}. */
  leaveAll(farewell: string, isOwn?: true): void {
    this.follow();
    this.#isDeparting = true;
    const quit = { kind: "quit", rooms: this.rooms.length } as const;
    const cause = isOwn ? { ...quit, isOwn } : quit;
    for (const room of this.rooms) {
      const mayBeHeard = farewell !== "" && this.#chat.registry.maySpeak(this.#member, room);
      this.leave(room, mayBeHeard ? farewell : "", undefined, cause);
    }
  }
}
