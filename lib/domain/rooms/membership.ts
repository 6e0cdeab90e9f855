/**
 * Who is in which room: joining and leaving, here and at the other nodes of a cluster.
 *
 * @module
 */

import type { AccessControl } from "../access/access_control.ts";
import type { Cause } from "../room_event.ts";
import { departureFields } from "./departure.ts";
import type { LivelyRooms } from "./lively_rooms.ts";
import type { OpenRooms } from "./open_rooms.ts";
import type { Room } from "./room.ts";
import type { RoomMoves } from "./room_moves.ts";
import type { Member, RoomStream } from "./room_stream.ts";
import type { Submission } from "./submission.ts";

export interface MembershipOptions {
  readonly rooms: OpenRooms;
  readonly lively: LivelyRooms;
  readonly moves: RoomMoves;
  readonly access: AccessControl;
  readonly submission: Submission;
  /** As in `RoomRegistryOptions`. */
  readonly isShared: boolean;
}

export class Membership {
  readonly #rooms: OpenRooms;
  readonly #lively: LivelyRooms;
  readonly #moves: RoomMoves;
  readonly #access: AccessControl;
  readonly #submission: Submission;
  readonly #isShared: boolean;

  constructor(options: MembershipOptions) {
    this.#rooms = options.rooms;
    this.#lively = options.lively;
    this.#moves = options.moves;
    this.#access = options.access;
    this.#submission = options.submission;
    this.#isShared = options.isShared;
  }

  /**
   * Lets a member into the room, creating it if necessary.
   *
   * @param name As `parseRoomName` returns it.
   * @param key The room's key, if the member gave one.
   * @param onJoined Called once the member is in, before anything else is published: `room.recent`
   * and what a subscriber added here is delivered join without a gap.
   */
  async join(
    member: Member,
    name: string,
    onJoined: (room: Room) => void,
    key?: string,
  ): Promise<void> {
    let isMoved = false;
    const require = (room?: Room) =>
      this.#access.require(member, name, "join", { key, members: room?.members.size });
    // First, because opening a room is work and creates it.
    require(this.#rooms.find(name));
    await this.#rooms.enter(name, (room) => {
      // The room may have been renamed while it was opened, or the member may have left.
      isMoved = this.#access.currentName(name) !== name;
      if (isMoved || member.hasLeft) return this.#rooms.dropIfDeserted(room);
      if (room.members.has(member)) return;
      // Again: the rules may have changed, and the room may have filled up.
      require(room);
      const isFirst = room.members.size === 0;
      room.members.add(member);
      this.#access.enter(room.name, member, isFirst && !this.#isShared);
      if (isFirst) this.#lively.note(room);
      this.#moves.noteJoin(member, room);
      onJoined(room);
      this.#submission.submitBy(member, room, "join", "");
    });
    if (isMoved) await this.join(member, this.#access.currentName(name), onJoined, key);
  }

  /**
   * The room that a member is in, given the room as the member knows it: perhaps before a rename.
   */
  placeOf(member: Member, room: RoomStream): RoomStream {
    return this.#moves.placeOf(member, room);
  }

  /** Lets a member out, with a last word if there is one. */
  leave(member: Member, known: RoomStream, farewell = "", cause?: Cause): void {
    const room = this.placeOf(member, known);
    if (!room.members.delete(member)) return;
    const isLast = room.members.size === 0;
    this.#access.leave(room.name, member, !this.#isShared && isLast);
    if (isLast) this.#lively.note(room);
    this.#submission.submitBy(member, room, "part", farewell, {
      cause,
      fields: departureFields(cause),
    });
    // A member declared gone has already left for the other nodes: no leave event will close the
    // room.
    const open = this.#isShared && isLast ? this.#rooms.find(room.name) : undefined;
    if (open) this.#rooms.dropIfDeserted(open);
  }

  /**
   * Notes that somebody at another node is in a room, and opens it: rooms are open at all nodes as
   * long as somebody is in them. Called before the event of their joining is delivered.
   *
   * @param past Given if it was delivered before the start: whether they keep order as the first.
   */
  admit(member: Member, name: string, past?: { readonly isFirst: boolean }): Room {
    const room = this.#rooms.addFromElsewhere(member, name);
    this.#lively.note(room);
    if (past) room.present.set(member.origin, member.nickname);
    this.#access.enter(name, member, past?.isFirst ?? false);
    return room;
  }

  /** Notes that somebody at another node is no longer in a room, before that event is delivered. */
  withdraw(member: Member, name: string): void {
    if (!this.#rooms.removeFromElsewhere(member, name)) return;
    this.#access.leave(name, member, false);
    const room = this.#rooms.find(name);
    if (room) this.#lively.note(room);
  }

  /** Joins a member to a room again, after the cluster declared them gone. */
  rejoin(member: Member, known: RoomStream): void {
    const room = this.placeOf(member, known);
    // Their first joining may have been sent again already.
    const isPresent = this.#rooms.find(room.name)?.present.has(member.origin);
    if (isPresent || !room.members.has(member)) return;
    // What they had at the other nodes has ended with their leaving.
    this.#access.leave(room.name, member, false);
    this.#submission.submitBy(member, room, "join", "");
  }
}
